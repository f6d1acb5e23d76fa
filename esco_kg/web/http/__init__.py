"""What all answers share: negotiation of forms and languages, parameters, validators, errors."""
