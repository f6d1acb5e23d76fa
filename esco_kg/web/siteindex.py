"""What leads people and programs into the static site: start page, sitemap, ``llms.txt``, rewrite rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from esco_kg.web.model import in_language
from esco_kg.web.negotiation import RDF_FORMS
from esco_kg.web.site import Site
from esco_kg.web.words import native_name

_MOST_IN_SITEMAP = 45_000  # the protocol allows 50,000


def index_files(site: Site, names: Sequence[str], url: str) -> Iterator[tuple[str, str]]:
    """(name, text) of each file; ``names`` are the site's files, ``url`` where it will lie."""
    root = url.rstrip("/") + "/"
    yield "index.html", _start(site)
    yield "404.html", _missing(site)
    yield "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {root}sitemap.xml\n"
    yield "llms.txt", _for_models(site, root)
    yield from _sitemaps(site, names, root)
    yield ".htaccess", _apache(site)
    yield "nginx.conf", _nginx(site)
    yield "w3id.htaccess", _w3id(root)


def _default(site: Site) -> str:
    return "en" if "en" in site.languages else site.languages[0]


def _plain_page(title: str, language: str, body: str, head: str = "") -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n{head}'
        f'<link rel="stylesheet" href="/static/style.css">\n</head>\n<body>\n<main class="inner">\n{body}</main>\n</body>\n</html>\n'
    )


def _start(site: Site) -> str:
    version, title = site.latest.version, in_language(site.latest.titles, _default(site))
    links = "".join(
        f'<li><a href="{tag}/{version}/index.html" lang="{tag}" hreflang="{tag}">{native_name(tag)}</a></li>\n'
        for tag in site.languages
    )
    head = f'<meta http-equiv="refresh" content="0; url={_default(site)}/{version}/index.html">\n'
    page = _plain_page(title, _default(site), f"<h1>{escape(title)}</h1>\n<ul>\n{links}</ul>\n", head)
    return page.replace('href="/static', 'href="static')


def _missing(site: Site) -> str:
    return _plain_page("Not found", "en", '<h1>There is no such page</h1>\n<p><a href="/">To the start</a></p>\n')


def _sitemaps(site: Site, names: Sequence[str], root: str) -> Iterator[tuple[str, str]]:
    """Pages of the newest release in every language; an index where they are too many for one file."""
    version = site.latest.version
    wanted = [
        name
        for name in names
        if name.endswith(".html")
        and name.split("/")[1:2] == [version]
        and not name.split("/")[2].startswith(("compare", "search"))
    ]
    parts = [wanted[start : start + _MOST_IN_SITEMAP] for start in range(0, len(wanted), _MOST_IN_SITEMAP)]
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    if len(parts) <= 1:
        yield "sitemap.xml", _sitemap(wanted, root, site.latest.issued, space)
        return
    for number, part in enumerate(parts, start=1):
        yield f"sitemap-{number}.xml", _sitemap(part, root, site.latest.issued, space)
    entries = "".join(
        f"<sitemap><loc>{escape(root)}sitemap-{n}.xml</loc></sitemap>\n" for n in range(1, len(parts) + 1)
    )
    yield "sitemap.xml", f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex {space}>\n{entries}</sitemapindex>\n'


def _sitemap(names: Sequence[str], root: str, issued: str, space: str) -> str:
    entries = "".join(f"<url><loc>{escape(root + name)}</loc><lastmod>{issued}</lastmod></url>\n" for name in names)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {space}>\n{entries}</urlset>\n'


def _for_models(site: Site, root: str) -> str:
    latest, tag = site.latest, _default(site)
    start = f"{root}{tag}/{latest.version}"
    top = "".join(
        f"- [{one.label(tag)}]({start}/cluster/{one.id}.html): {one.skills} skills; data: {root}data/{latest.version}/cluster/{one.id}.ttl\n"
        for one in latest.top
    )
    return (
        f"# {in_language(latest.titles, tag)}\n\n> {in_language(latest.descriptions, tag)}\n\n"
        f"Release {latest.version}, issued {latest.issued}, made from ESCO {latest.manifest['esco_version']}."
        f" Languages: {', '.join(site.languages)}.\n\n## Start\n\n- [All clusters]({start}/index.html)\n- [Sectors]({start}/sectors.html)\n"
        f"- [Files and interfaces]({start}/data.html)\n- [Release]({start}/version.html)\n\n## Clusters of the top level\n\n{top}"
    )


_THINGS = r"(?:cluster/c[0-9]+|scheme|model)"


def _apache(site: Site) -> str:
    """303 from things to documents, by what the client accepts."""
    version, tag = site.latest.version, _default(site)
    types = "".join(f"AddType {form.media_type} .{form.ending}\n" for form in RDF_FORMS)
    rules = ""
    for form in RDF_FORMS:
        pattern = form.media_type.replace("+", r"\+").replace(".", r"\.")
        rules += f"RewriteCond %{{HTTP:Accept}} {pattern} [NC]\nRewriteCond %{{HTTP:Accept}} !text/html [NC]\n"
        rules += f"RewriteRule ^({_THINGS})$ data/{version}/$1.{form.ending} [R=303,L]\n"
        rules += f"RewriteCond %{{HTTP:Accept}} {pattern} [NC]\nRewriteCond %{{HTTP:Accept}} !text/html [NC]\n"
        rules += f"RewriteRule ^release/([0-9.]+)/(cluster/c[0-9]+|scheme)$ data/$1/$2.{form.ending} [R=303,L]\n"
    return (
        f"Options -MultiViews -Indexes\n{types}AddCharset utf-8 .ttl .jsonld .nt .rdf .csv .html\nErrorDocument 404 /404.html\n"
        f"RewriteEngine On\n{rules}RewriteRule ^(cluster/c[0-9]+)$ {tag}/{version}/$1.html [R=303,L]\n"
        f"RewriteRule ^(scheme|model)$ {tag}/{version}/index.html [R=303,L]\n"
        f"RewriteRule ^release/([0-9.]+)/(cluster/c[0-9]+)$ {tag}/$1/$2.html [R=303,L]\n"
        f"RewriteRule ^release/([0-9.]+)/scheme$ {tag}/$1/index.html [R=303,L]\n"
        f"RewriteRule ^release/([0-9]+[.][0-9]+[.][0-9]+)$ {tag}/$1/version.html [R=303,L]\n"
        '<IfModule mod_headers.c>\nHeader merge Vary "Accept"\nHeader set X-Content-Type-Options nosniff\n</IfModule>\n'
    )


def _nginx(site: Site) -> str:
    """The same, for an ``include`` inside of a server block; the map stands outside of it."""
    version, tag = site.latest.version, _default(site)
    kinds = "".join(f'#   "~*{form.media_type}" {form.ending};\n' for form in RDF_FORMS)
    types = "".join(f"  {form.media_type} {form.ending};\n" for form in RDF_FORMS)
    return (
        f'# In the http block:\n# map $http_accept $form {{\n#   default html;\n#   "~*text/html" html;\n{kinds}# }}\n'
        f"types {{\n  text/html html;\n  text/css css;\n  text/javascript js;\n  image/svg+xml svg;\n  application/json json;\n"
        f"  application/xml xml;\n  text/csv csv;\n  text/plain txt md;\n{types}}}\ncharset utf-8;\nerror_page 404 /404.html;\n"
        f"location ~ ^/(?<thing>{_THINGS})$ {{\n  add_header Vary Accept always;\n"
        f"  if ($form != html) {{ return 303 /data/{version}/$thing.$form; }}\n"
        f"  if ($thing ~ ^cluster/) {{ return 303 /{tag}/{version}/$thing.html; }}\n  return 303 /{tag}/{version}/index.html;\n}}\n"
        f"location ~ ^/release/(?<edition>[0-9.]+)/(?<thing>cluster/c[0-9]+)$ {{\n  add_header Vary Accept always;\n"
        f"  if ($form != html) {{ return 303 /data/$edition/$thing.$form; }}\n  return 303 /{tag}/$edition/$thing.html;\n}}\n"
    )


def _w3id(root: str) -> str:
    """For a folder of the w3id.org register: everything goes to where the site lies, which decides the form."""
    return f"Options +FollowSymLinks\nRewriteEngine on\nRewriteRule ^(.*)$ {root}$1 [R=302,L]\n"
