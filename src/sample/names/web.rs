use super::ask::{Ask, DECIMAL, HEX, Senses, digits};
use super::lands::ascii;
use super::persona::slug;
use super::subject::{self, Subject};
use super::words::singular;
use serde_json::Value;

/// Names of what is found on networks and disks.
pub(super) const WEB: Senses = &[
    (
        "url, uri, href, link, html url, web url, permalink, self, next, previous, prev, next \
         page url, prev page url, endpoint, api url, target url, self link, selflink, urls, \
         location url, resource url, first page url, documentation, self url, resource uri, \
         next url, previous url",
        |ask, _| url(ask),
    ),
    (
        "website, website url, homepage, homepage url, home page, web site, site url, base \
         url, company url, company website, web page, store url, web, organization url, \
         business url, web address, base uri, app url",
        |ask, _| ask.text(site(ask)),
    ),
    (
        "avatar url, avatar, profile image url, profile image, profile picture, picture, \
         photo url, picture url, profile photo, gravatar url, profile pic, avatar uri, \
         profile picture url, profile photo url, user avatar, user image",
        |ask, _| {
            ask.text(format!(
                "{}/avatars/{}.png",
                site(ask),
                ask.persona.username()
            ))
        },
    ),
    (
        "image url, image, logo, logo url, icon, icon url, thumbnail, thumbnail url, thumb, \
         thumb url, banner, cover, poster, photo, image uri, cover image, banner url, preview \
         url, image link, background image, featured image, img, cover url, small image url, \
         image src, logo uri, photo urls, thumbnail uri, main image, favicon, icon uri, \
         screenshot, img url, preview, thumbnail link",
        |ask, _| {
            let file = match ask.words.has(&["logo", "icon", "favicon", "banner"]) {
                true => "logo".to_owned(),
                false => slug(&ascii(ask.persona.thing)),
            };
            ask.text(format!("{}/images/{file}.png", site(ask)))
        },
    ),
    (
        "webhook url, callback url, redirect url, redirect uri, return url, callback, notify \
         url, callback uri, notification url, success url, cancel url, hook url, redirect, \
         webhook, postback url, failure url, error url, web hook url",
        |ask, _| {
            let last = ask.words.first();
            ask.text(format!("{}/{last}", site(ask)))
        },
    ),
    (
        "download url, file url, content url, media url, attachment url, document url, upload \
         url, file uri, pdf url, invoice pdf, receipt url, pdf, src, file link, video url, \
         audio url, report url, source url, content download url",
        |ask, _| ask.text(format!("{}/files/{}", site(ask), file(ask))),
    ),
    (
        "domain, domain name, hostname, host, host name, fqdn, server name, dns name, server, \
         primary domain, vhost, email domain, canonical name, public dns name",
        |ask, _| {
            let domain = ask.persona.domain();
            match ask.words.has(&["host", "hostname", "fqdn", "server"]) {
                true => ask.text(format!("www.{domain}")),
                false => ask.text(domain),
            }
        },
    ),
    ("subdomain, sub domain", |ask, _| {
        ask.text(slug(&ascii(&ask.persona.company)))
    }),
    ("tld", |ask, _| ask.text("com")),
    (
        // RFC 5737 keeps the network for documentation.
        "ip, ip address, ip signup, ip opt, signup ip, ipaddress, ip addr, ipv 4, client ip, remote ip, remote addr, ipv 4 \
         address, source ip, public ip, remote address, user ip, private ip, ip v 4, server \
         ip, destination ip, gateway, ip range, public ip address, private ip address, host \
         ip, last login ip, x forwarded for, nameserver",
        |ask, draw| ask.text(ip(ask, 1 + draw.below(254))),
    ),
    (
        "cidr, subnet, ip block, network address, cidr block, ip cidr range",
        |ask, _| ask.text("192.0.2.0/24"),
    ),
    ("netmask, subnet mask", |ask, _| ask.text("255.255.255.0")),
    (
        // RFC 3849 keeps the network for documentation.
        "ipv 6, ipv 6 address, ip v 6",
        |ask, draw| ask.text(format!("2001:db8::{}", digits(4, b"123456789abcdef", draw))),
    ),
    (
        // RFC 7042 §2.1.2 keeps the range for documentation.
        "mac, mac address, macaddress, mac addr, hardware address, bssid",
        |ask, draw| ask.text(format!("00:00:5e:00:53:{}", digits(2, HEX, draw))),
    ),
    (
        "port, server port, port number, public port",
        |ask, draw| {
            let ports = [443, 8080, 8443, 5432, 3000];
            ask.integer(draw.one_of(&ports).copied()?)
        },
    ),
    ("protocol, scheme", |ask, _| ask.text("https")),
    (
        "method, http method, request method, http verb, verb",
        |ask, draw| {
            let calls = [
                "request", "http", "endpoint", "route", "link", "call", "webhook", "links",
            ];
            let way = ask.words.all() == "method" && !ask.is_near(&calls);
            match way {
                true => ask.one_of(&["standard", "manual", "automatic"], draw),
                false => ask.one_of(&["GET", "POST", "PUT"], draw),
            }
        },
    ),
    (
        "status code, http status, http status code, http code, response code, response \
         status, statuscode, http response code",
        |ask, _| ask.integer(200),
    ),
    ("user agent, useragent, browser user agent", |ask, _| {
        ask.text("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")
    }),
    ("browser, browser name", |ask, _| ask.text("Firefox")),
    (
        "os, operating system, os name, platform, os type",
        |ask, draw| ask.one_of(&["Linux", "Windows", "macOS", "Android", "iOS"], draw),
    ),
    ("architecture, arch", |ask, draw| {
        ask.one_of(&["x86_64", "arm64"], draw)
    }),
    (
        "content type, mime type, mimetype, media type, contenttype, mime, file content type, \
         media content type, file mime type",
        |ask, _| ask.text(media_type(ask)),
    ),
    (
        "phone extension, telephone extension, phone ext",
        |ask, draw| ask.text(digits(3, DECIMAL, draw)),
    ),
    (
        "extension, file extension, ext, file ext, file type, filetype, file format",
        |ask, _| {
            let file = file(ask);
            ask.text(file.rsplit('.').next().unwrap_or_default())
        },
    ),
    (
        "filename, file name, original filename, attachment name, original name, file, \
         document name, original file name, image name, attachment, source file, attachment \
         filename, object key, file title, asset name",
        |ask, _| ask.text(file(ask)),
    ),
    (
        "path, file path, filepath, full path, directory, folder path, dir, relative path, \
         root path, source path, local path, file location, folder, destination path, storage \
         path, absolute path, working directory",
        |ask, _| match ask.words.has(&["directory", "folder", "dir"]) {
            true => ask.text("/documents"),
            false if ask.is_near(&KEPT) => ask.text(format!("/documents/{}", file(ask))),
            false => ask.text(format!("/{}", slug(&ascii(ask.persona.thing)))),
        },
    ),
    (
        "encoding, charset, character set, character encoding, char set",
        |ask, _| ask.text("UTF-8"),
    ),
    (
        "branch, default branch, branch name, head branch, base branch, git branch",
        |ask, _| ask.text("main"),
    ),
    (
        "version, semver, sem ver, semantic version, api version, app version, version number, software version, release, schema \
         version, current version, latest version, client version, sdk version, agent \
         version, firmware version, product version, min version, model version, kernel \
         version, version name, server version, version string, os version, engine version, \
         build version, kubernetes version, firmware, browser version",
        |ask, draw| match ask.is_text() {
            true => {
                let parts = [1 + draw.below(4), draw.below(10), draw.below(10)];
                ask.text(parts.map(|part| part.to_string()).join("."))
            }
            false => ask.between(1, 9, draw),
        },
    ),
    ("docker image, container image, oci image", |ask, draw| {
        let version = [1 + draw.below(4), draw.below(10)].map(|part| part.to_string());
        let name = slug(&ascii(ask.persona.thing));
        ask.text(format!("registry.example.com/{name}:{}", version.join(".")))
    }),
    (
        "build, build number, revision, build id",
        |ask, draw| match ask.is_text() {
            true => ask.text(digits(4, DECIMAL, draw)),
            false => ask.between(1, 400, draw),
        },
    ),
    (
        "html, body html, html body, content html, description html",
        |ask, _| ask.text(format!("<p>{}</p>", ask.persona.sentence("html"))),
    ),
    ("regex, regexp, regular expression", |ask, _| {
        ask.text("^[a-z]+$")
    }),
    ("cron, cron expression, cron schedule", |ask, _| {
        ask.text("0 6 * * 1")
    }),
];

/// Where the persona's company is on the web.
fn site(ask: &Ask<'_>) -> String {
    format!("https://www.{}", ask.persona.domain())
}

/// An address by what it leads to: `https://www.juniper-works.example.com/orders/oak-chair`.
/// The address of a site.
pub(super) fn home(ask: &Ask<'_>) -> Option<Value> {
    ask.text(site(ask))
}

pub(super) fn url(ask: &Ask<'_>) -> Option<Value> {
    let before = ask.words.all();
    let owner = ask.owner(ask.words.tails().last().unwrap_or(before));
    let owner = match owner.as_str() {
        "html" | "web" | "api" | "self" | "page" | "next" | "next page" | "link" => String::new(),
        owner => owner.to_owned(),
    };
    let site = site(ask);
    let thing = slug(&ascii(ask.persona.thing));
    let path = slug(&singular(owner.trim_end_matches(" link")));
    match subject::of(&owner) {
        _ if path.is_empty() => ask.text(format!("{site}/{thing}")),
        Subject::Person => ask.text(format!("{site}/{path}/{}", ask.persona.username())),
        Subject::Company => ask.text(site),
        _ => ask.text(format!("{site}/{path}/{thing}")),
    }
}

/// An address of those kept for documentation.
pub(super) fn ip(ask: &Ask<'_>, host: usize) -> String {
    let inner = ask
        .words
        .has(&["private", "gateway", "destination", "internal"]);
    match inner {
        true => format!("198.51.100.{host}"),
        false => format!("203.0.113.{host}"),
    }
}

/// Words of what is kept on disks.
const KEPT: [&str; 22] = [
    "file",
    "files",
    "filepath",
    "folder",
    "folders",
    "document",
    "documents",
    "attachment",
    "attachments",
    "image",
    "images",
    "storage",
    "upload",
    "disk",
    "commit",
    "tree",
    "repository",
    "local",
    "directory",
    "asset",
    "assets",
    "source",
];

/// Whether it's a picture, a film, a sound or a document.
fn sort(ask: &Ask<'_>) -> usize {
    match () {
        () if ask.is_near(&PICTURES) => 0,
        () if ask.is_near(&["video", "movie", "videos"]) => 1,
        () if ask.is_near(&["audio", "song", "track", "recording"]) => 2,
        () => 3,
    }
}

const PICTURES: [&str; 9] = [
    "image",
    "images",
    "photo",
    "photos",
    "picture",
    "pictures",
    "thumbnail",
    "avatar",
    "icon",
];

pub(super) fn file(ask: &Ask<'_>) -> String {
    let name = slug(&ascii(ask.persona.thing));
    format!("{name}.{}", ["png", "mp4", "mp3", "pdf"][sort(ask)])
}

fn media_type(ask: &Ask<'_>) -> &'static str {
    let messages = [
        "request", "response", "webhook", "headers", "header", "http",
    ];
    match ask.is_near(&messages) {
        true => "application/json",
        false => ["image/png", "video/mp4", "audio/mpeg", "application/pdf"][sort(ask)],
    }
}
