// The search of the static site: the rules of esco_kg/matching/finder.py over an index in small scripts, which browsers
// load from a disk too. A vocabulary says what each word may mean; names lie in shards by the first letters of their words.
"use strict";
(() => {
  const KEY = 3, CODE_KEY = 2, CHUNK = 256, FEW = 5, MOST_SHARDS = 8, MOST_FORMS = 40, ENOUGH = 0.55;
  const EXACT = 1, STEM = 0.93, SQUEEZED = 0.95, ENDS = 0.9, SLIP = 0.85, CUT = 0.72, INSIDE = 0.62, TWO_SLIPS = 0.6;
  const SAME = 0.03, FAR = 0.18, FORM = 0.79, OF_VERB = 0.85, OTHERWISE_PARTED = 0.985;
  const KIND_WORTH = [1, 0.98, 0.97, 0.95];
  const CODE = 4; // the kind of a row that is a code
  const TYPES = ["cluster", "skill", "occupation", "group", "isco", "sector"];
  const letters = { "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i" };
  const folded = (text) => text.toLowerCase().replace(/[ßøłđðþæœı]/g, (letter) => letters[letter])
    .normalize("NFKD").replace(/\p{M}/gu, "").replace(/’/g, "'");
  const forms = (text) => folded(text).match(/(?:(?<![\p{L}\p{N}])\.(?=\p{L}))?[\p{L}\p{N}]+(?:[.'&][\p{L}\p{N}]+)*[+#]*/gu) || [];
  const closed = (query) => query.replace(/(?<![\p{L}\p{N}])([\p{L}\p{N}])\s*&\s*([\p{L}\p{N}])(?![\p{L}\p{N}])/gu, "$1&$2");
  const squeezed = (word) => {
    const parts = word.split(/[.'&]/).filter(Boolean);
    return parts.length > 1 || (parts.length && parts[0] !== word) ? [parts.join(""), ...parts] : [];
  };
  const isWord = (word) => /^\p{L}+$/u.test(word);
  const shardOf = (word, length = KEY) => Array.from(word).slice(0, length).map((c) => c.codePointAt(0).toString(16)).join("-");

  const arrived = new Map();
  const loads = new Map();
  window.escoKgIndex = (language, name, content) => arrived.set(`${language}/${name}`, content);
  const load = (place, name) => {
    const key = `${place.language}/${name}`;
    if (!loads.has(key)) {
      loads.set(key, new Promise((resolve) => {
        const script = document.createElement("script");
        script.onload = script.onerror = () => resolve(arrived.get(key));
        script.src = `${place.folder}find/${name}.js`;
        document.head.append(script);
      }));
    }
    return loads.get(key);
  };

  // How many slips part two words: letters put in, left out, changed, swapped; `most + 1` where there are more.
  const edits = (left, right, most) => {
    if (Math.abs(left.length - right.length) > most) return most + 1;
    let before = [], last = Array.from({ length: right.length + 1 }, (_, n) => n);
    for (let row = 1; row <= left.length; row += 1) {
      const here = [row];
      for (let column = 1; column <= right.length; column += 1) {
        let cost = Math.min(last[column] + 1, here[column - 1] + 1, last[column - 1] + (left[row - 1] !== right[column - 1]));
        if (row > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]) cost = Math.min(cost, before[column - 2] + 1);
        here.push(cost);
      }
      if (Math.min(...here) > most) return most + 1;
      [before, last] = [last, here];
    }
    return last[right.length];
  };

  // The words of all names in a language: word -> in how many names, and the number of its stem.
  const vocabularies = new Map();
  const vocabulary = async (place) => {
    if (!vocabularies.has(place.language)) {
      const found = await load(place, "words");
      if (!found) return null;
      const words = new Map(), stems = new Map();
      for (const line of found.words.split("\n")) {
        const [word, spread, stem] = line.split(" ");
        words.set(word, { spread: Number(spread), stem });
        if (stem) stems.set(stem, [...(stems.get(stem) || []), word]);
      }
      vocabularies.set(place.language, { ...found, words, stems, small: new Set(found.small) });
    }
    return vocabularies.get(place.language);
  };

  // The part of the longer word that both begin with.
  const inCommon = (left, right) => {
    let count = 0;
    while (count < left.length && left[count] === right[count]) count += 1;
    return count / Math.max(left.length, right.length);
  };

  // What a word of the query may mean: word of names -> what it is worth; `starts`: any word that begins so.
  const read = (known, word) => {
    const reading = { word, worth: new Map(), starts: "", spread: 0 };
    const add = (one, worth) => {
      if (!reading.worth.has(one)) reading.worth.set(one, worth);
    };
    const matching = (test, most = MOST_FORMS) => [...known.words].filter(([one]) => test(one))
      .sort((a, b) => b[1].spread - a[1].spread || (a[0] < b[0] ? -1 : 1)).slice(0, most);
    const own = known.words.get(word);
    if (own) add(word, EXACT);
    const near = (one, worth) => add(one, worth * (1 + SAME - FAR * (1 - inCommon(one, word))));
    for (const one of own?.stem ? known.stems.get(own.stem) : []) near(one, STEM);
    const [noun, verb] = known.derived;
    if (noun && word.endsWith(noun) && word.length >= 4 + noun.length) {
      const stem = known.words.get(word.slice(0, -noun.length) + verb)?.stem;
      for (const one of stem ? known.stems.get(stem) : []) near(one, OF_VERB);
    }
    for (const one of squeezed(word).slice(0, 1)) if (known.words.has(one)) add(one, SQUEEZED);
    if (known.compounding && word.length >= 5) for (const [one] of matching((other) => other.endsWith(word))) add(one, ENDS);
    const isKnown = reading.worth.size > 0;
    const beginning = matching((other) => other.startsWith(word));
    const from = beginning.reduce((sum, [, { spread }]) => sum + spread, 0);
    if (word.length > 2 && from) reading.starts = word;
    if (word.length <= 2) for (const [one] of beginning) add(one, 0.5 + (0.3 * word.length) / one.length);
    reading.spread = Math.max(...[...reading.worth].filter(([, worth]) => worth >= FORM).map(([one]) => known.words.get(one).spread), isKnown ? 0 : from, 0);
    if (isKnown) return reading;
    const take = (found, worth) => {
      for (const [one, { spread }] of found) {
        add(one, worth);
        reading.spread = Math.max(reading.spread, spread);
      }
      return found.length > 0;
    };
    const slips = (most) => matching((one) => one[0] === word[0] && edits(one, word, most) <= most).concat(
      matching((one) => one[0] !== word[0] && edits(one, word, most) <= most));
    const slipped = word.length >= 4 && take(slips(1), SLIP);
    const cut = word.slice(0, Math.max(4, word.length - 3));
    if (!slipped && !reading.starts && cut !== word && matching((one) => one.startsWith(cut), 1).length) {
      reading.starts = cut;
      reading.spread = Math.max(reading.spread, 1);
    }
    if (!slipped && !reading.starts && word.length >= 8) take(slips(2), TWO_SLIPS);
    if (!reading.worth.size && !reading.starts && word.length >= 4 && isWord(word)) {
      for (const [one, { spread }] of matching((other) => other.includes(word))) {
        add(one, INSIDE * (0.6 + (0.4 * word.length) / one.length));
        reading.spread = Math.max(reading.spread, spread);
      }
    }
    return reading;
  };
  const quality = (reading, word) => {
    const best = reading.worth.get(word) || 0;
    if (!reading.starts || best === EXACT || !word.startsWith(reading.starts)) return best;
    const whole = word.startsWith(reading.word);
    const share = (whole ? reading.word.length : reading.starts.length) / word.length;
    return Math.max(best, whole ? 0.55 + 0.35 * share : CUT * (0.5 + 0.5 * share));
  };
  const from = (known, start) => [...known.words].reduce((sum, [word, { spread }]) => sum + (word.startsWith(start) ? spread : 0), 0);
  // Two words that names write as one, one that is made of two.
  const parted = (known, words) => {
    const found = [];
    for (let at = 0; at < words.length; at += 1) {
      const joined = at + 1 < words.length ? words[at] + words[at + 1] : "";
      const together = joined.length >= 6 ? known.words.get(joined)?.spread || from(known, joined) : 0;
      if (together && together >= Math.min(...[words[at], words[at + 1]].map((one) => known.words.get(one)?.spread || 0))) {
        found.push(joined);
        at += 1;
      } else {
        found.push(words[at]);
      }
    }
    return found;
  };
  const halves = (known, word) => {
    for (let at = word.length - 4; isWord(word) && at >= 4; at -= 1) {
      for (const first of [word.slice(0, at), word.slice(0, at).replace(/s$/, "")]) {
        if (first.length >= 4 && known.words.has(first) && known.words.has(word.slice(at))) return [first, word.slice(at)];
      }
    }
    return [word];
  };

  const scored = (known, asked, readings, weights, row) => {
    const [number, label, kind, type, use] = row;
    const said = forms(label);
    const hit = { number, type: TYPES[type], found: label, kind, use: use / 100 };
    const isWhole = said.join(" ") === asked.join(" ");
    const isUnqualified = !isWhole && forms(label.replace(/\s*\([^()]*\)\s*$/, "")).join(" ") === asked.join(" ");
    if (isWhole || isUnqualified || said.join("") === asked.join("")) {
      const score = (isWhole ? 1 : isUnqualified ? 0.99 : OTHERWISE_PARTED) * KIND_WORTH[kind] - (kind && hit.type !== "occupation" ? 0.02 * (1 - hit.use) : 0);
      return { ...hit, score, isExact: true };
    }
    const content = said.filter((word) => !known.small.has(word));
    const compared = (content.length ? content : said).map((word) => [word, ...squeezed(word)]);
    const matched = new Map();
    let sum = 0, total = 0;
    readings.forEach((reading, n) => {
      let best = 0, at = -1;
      compared.forEach((alternatives, place) => {
        const worth = Math.max(...alternatives.map((word) => quality(reading, word)));
        if (worth > best) [best, at] = [worth, place];
      });
      if (at >= 0) matched.set(at, Math.max(matched.get(at) || 0, best));
      sum += weights[n] * best;
      total += weights[n];
    });
    if (!matched.size || sum <= 0.2 * total) return null;
    const share = [...matched.values()].reduce((a, b) => a + b, 0) / compared.length;
    const score = (sum / total) ** 1.5 * (0.5 + 0.28 * share + 0.2 * hit.use) * KIND_WORTH[kind];
    return { ...hit, score: Math.min(score, 0.97), isExact: false };
  };

  // What a reading stands for more widely: without its ending, with slips, inside of longer words, as two words.
  const forgiven = (known, reading) => {
    const parts = reading.worth.has(reading.word) ? [reading.word] : halves(known, reading.word);
    return parts.map((part) => {
      const wide = parts.length > 1 ? read(known, part) : { ...reading, worth: new Map(reading.worth) };
      const cut = part.slice(0, Math.max(4, part.length - 3));
      if (part.length > 4 && isWord(part) && from(known, cut)) wide.starts = wide.starts || cut;
      if (part.length >= 4 && isWord(part)) {
        for (const [one, { spread }] of [...known.words].filter(([other]) => other.includes(part) || edits(other, part, 1) <= 1)) {
          const worth = one.includes(part) ? INSIDE * (0.6 + (0.4 * part.length) / one.length) : SLIP;
          wide.worth.set(one, Math.max(wide.worth.get(one) || 0, worth));
          wide.spread = Math.max(wide.spread, spread);
        }
      }
      return wide;
    });
  };

  const score = async (place, known, asked, readings) => {
    const weights = readings.map((one) => (one.spread ? Math.log1p(known.count / (1 + one.spread)) : 0.5 * Math.log1p(known.count)));
    weights[known.headFirst ? 0 : weights.length - 1] *= 1.5;
    // The shards of the two words that say most.
    const telling = readings.map((reading, n) => [weights[n], reading]).filter(([, one]) => one.worth.size || one.starts)
      .sort((a, b) => b[0] - a[0]).slice(0, 2).map(([, reading]) => reading);
    const names = new Set();
    for (const reading of telling) {
      const of = new Set(reading.starts ? [shardOf(reading.starts)] : []);
      for (const [word] of [...reading.worth].sort((a, b) => b[1] - a[1])) if (of.size < MOST_SHARDS) of.add(shardOf(word));
      of.forEach((one) => names.add(one));
    }
    const rows = (await Promise.all([...names].map((name) => load(place, name)))).flatMap((found) => found || []);
    const best = new Map(), count = new Map();
    for (const row of new Map(rows.map((one) => [`${one[0]} ${one[1]}`, one])).values()) {
      const hit = scored(known, asked, readings, weights, row);
      if (!hit) continue;
      count.set(hit.number, (count.get(hit.number) || 0) + 1);
      if (!best.has(hit.number) || hit.score > best.get(hit.number).score) best.set(hit.number, hit);
    }
    return [...best.values()].map((hit) => ({ ...hit, place, score: hit.isExact ? hit.score : Math.min(0.97, hit.score + 0.01 * Math.log2(count.get(hit.number))) }));
  };

  const inLanguage = async (place, query) => {
    const known = await vocabulary(place);
    const asked = forms(closed(query)).slice(0, 12);
    if (!known || !asked.length) return [];
    const content = asked.filter((word) => !known.small.has(word)).flatMap((word) => known.initials[word]?.split(" ") || [word]);
    const readings = parted(known, content.length ? content : asked).map((word) => read(known, word));
    const hits = await score(place, known, asked, readings);
    if (hits.length >= FEW && Math.max(...hits.map((hit) => hit.score)) >= ENOUGH) return hits;
    return hits.concat(await score(place, known, asked, readings.flatMap((reading) => forgiven(known, reading))));
  };

  // What an IRI, the last part of one, a code or a notation names.
  const byCode = async (place, query) => {
    const known = await vocabulary(place);
    const text = query.includes("://") ? query.replace(/[/#]+$/, "").split(/[/#]/).pop() : query;
    const code = text.replace(/^\s*(?:isco(?:-?\s?08)?|esco|nace(?:\s?2(?:\.1)?)?|isced(?:-f)?)\s*:?\s+/i, "").trim().toLowerCase();
    const name = `code-${shardOf(code, CODE_KEY)}`;
    if (!known?.codes.includes(name)) return [];
    const worth = text === query && isWord(code) && code.length < 3 ? 0.6 : 1;
    return (await load(place, name)).filter(([, one]) => one === code)
      .map(([number, , kind, type, use]) => ({ number, place, type: TYPES[type], found: "", kind, use: use / 100, score: worth }));
  };

  // The best hits, one for each thing; a later place is asked only where those before it found little.
  window.escoKgFind = async (places, query, limit) => {
    const found = new Map();
    const take = (hits) => {
      for (const hit of hits) if (!found.has(hit.number) || hit.score > found.get(hit.number).score) found.set(hit.number, hit);
    };
    take(await byCode(places[0], query.trim()));
    for (const place of places) {
      if (Math.max(0, ...[...found.values()].map((hit) => hit.score)) >= ENOUGH) break;
      take(await inLanguage(place, query.replace(/\((?:[mwfdxhv]\/)+[a-z]+\)/gi, " ")));
    }
    const best = [...found.values()].sort((a, b) => b.score - a.score || (a.type === "cluster") - (b.type === "cluster") || b.use - a.use
      || TYPES.indexOf(a.type) - TYPES.indexOf(b.type) || a.found.length - b.found.length || a.number - b.number).slice(0, limit);
    return Promise.all(best.map(async (hit) => {
      const [label, href] = (await load(hit.place, `things-${Math.floor(hit.number / CHUNK)}`))[hit.number];
      const types = (await vocabulary(places[0]) || await vocabulary(hit.place)).types;
      return { ...hit, label, href, found: hit.found || label, typeLabel: types[TYPES.indexOf(hit.type)] };
    }));
  };
})();
