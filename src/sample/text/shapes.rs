//! Formats that a pattern says all about.

use super::TRIES_OF_SHAPE;
use super::pattern::{Bounds, Pattern, walk};
use crate::sample::draw::Draw;
use crate::validate;
use std::sync::OnceLock;

/// A format: its names, the patterns of what is made for it, of which a later one is for lengths
/// that an earlier one can't have, and the pattern of what else is one.
struct Shape {
    names: &'static [&'static str],
    made: &'static [&'static str],
    looks: &'static str,
}

impl Shape {
    fn is_called(&self, format: &str) -> bool {
        self.names.contains(&format)
    }
}

const fn shape(
    names: &'static [&'static str],
    made: &'static [&'static str],
    looks: &'static str,
) -> Shape {
    Shape { names, made, looks }
}

/// What the validator judges needs no pattern of what else is one.
const JUDGED: &str = "";

const UUID: &str = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

const SHAPES: &[Shape] = &[
    shape(
        &["uuid", "guid", "uuid4", "uuidv4", "uuid-v4"],
        &["[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"],
        UUID,
    ),
    shape(
        &["uuid1", "uuidv1", "uuid-v1"],
        &["[0-9a-f]{8}-[0-9a-f]{4}-1[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"],
        UUID,
    ),
    shape(
        &["uuid3", "uuidv3", "uuid-v3"],
        &["[0-9a-f]{8}-[0-9a-f]{4}-3[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"],
        UUID,
    ),
    shape(
        &["uuid5", "uuidv5", "uuid-v5"],
        &["[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"],
        UUID,
    ),
    shape(
        &["uuid6", "uuidv6", "uuid-v6"],
        &["[0-9a-f]{8}-[0-9a-f]{4}-6[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"],
        UUID,
    ),
    shape(
        &["uuid7", "uuidv7", "uuid-v7"],
        &["[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"],
        UUID,
    ),
    shape(
        &["uuid8", "uuidv8", "uuid-v8"],
        &["[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"],
        UUID,
    ),
    // The names of RFC 2606, and as long as it takes.
    shape(
        &["email", "idn-email", "email-address"],
        &[
            r"(ada|ben|cleo|dan|emma|finn|grace|hugo|iris|jon|kim|lena)\.(baker|carter|fisher|hill|lane|marsh|reed|stone|west|young)@example\.(com|org|net)",
            r"[a-z]{3,12}(\.[a-z]{3,12}){0,3}@([a-z]{3,20}\.)*example\.(com|org|net)",
            r"[a-z]{1,20}@example\.(com|org|net)",
            r"[a-z]{1,20}@[a-z]{1,3}\.test",
            r"[a-z]@[a-z]\.[a-z]{1,3}",
            "[a-z]@[a-z]",
        ],
        "[^@ ]+@[^@ ]+",
    ),
    shape(
        &[
            "hostname",
            "idn-hostname",
            "host",
            "domain",
            "domain-name",
            "fqdn",
        ],
        &[
            r"((api|www|mail|files|docs|shop)\.)?example\.(com|org|net)",
            r"([a-z]{3,20}\.)+example\.(com|org|net)",
            r"[a-z]{1,20}\.test",
            "[a-z]{1,63}",
        ],
        JUDGED,
    ),
    shape(
        &[
            "uri",
            "url",
            "iri",
            "uri-reference",
            "iri-reference",
            "link",
            "href",
            "http-url",
        ],
        &[
            r"https://((www|api)\.)?example\.(com|org|net)/[a-z]{3,12}(/[a-z]{3,12})?",
            r"https://example\.(com|org|net)(/[a-z]{3,12})+",
            r"https://example\.(com|org|net)(/[a-z]+)*",
            r"https?://[a-z]{1,9}\.test",
            r"https://example\.com(/[a-z0-9_.~-]+)+",
            "urn:[a-z]{2,9}:[a-z]+",
            "[a-z]:[a-z]*",
            "[a-z]*",
        ],
        r"[a-zA-Z][a-zA-Z0-9+.-]*:\S+|/\S*",
    ),
    shape(
        &["uri-template", "url-template"],
        &[
            r"https://example\.(com|org|net)(/[a-z]{3,12})+/\{id\}",
            r"(/[a-z]{3,12})+/\{id\}",
            r"/\{[a-z]+\}",
            "/?[a-z]*",
            r"(/[a-z]{3,12})*\{[?&+#./;]?[a-z]+(,[a-z]+)*\}",
        ],
        JUDGED,
    ),
    shape(
        &["ipv4", "ip", "ip-address", "ipv4-address"],
        &[
            r"(192\.0\.2|198\.51\.100|203\.0\.113)\.([1-9]|[1-9]\d|1\d\d|2[0-4]\d)",
            r"10\.[1-9]\d?\.[1-9]\d?\.[1-9]\d?",
            r"[1-9]\.[1-9]\.[1-9]\.[1-9]",
            r"1\d{0,2}(\.1\d{0,2}){3}",
            r"(\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])(\.(\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])){3}",
        ],
        r"\d{1,3}(\.\d{1,3}){3}|[0-9a-fA-F:]{2,39}",
    ),
    shape(
        &["ipv6", "ipv6-address"],
        &[
            "2001:db8:[1-9a-f][0-9a-f]{0,3}::[1-9a-f][0-9a-f]{0,3}",
            "2001:db8(:[1-9a-f][0-9a-f]{3}){2}::[1-9a-f]",
            "2001:0db8(:[0-9a-f]{4}){6}",
            "2001:db8(:[1-9a-f][0-9a-f]{0,3}){6}",
            r"2001:0db8:0000:0000:0000:0000:192\.000\.002\.0",
            "::[1-9a-f]{0,4}",
            "([0-9a-f]{1,4}:){1,6}(:[0-9a-f]{1,4}){1,2}",
            "([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}",
        ],
        JUDGED,
    ),
    shape(
        &[
            "cidr",
            "ipv4-cidr",
            "ip-cidr",
            "ipv4-network",
            "ipv4network",
        ],
        &[r"(192\.0\.2|198\.51\.100|203\.0\.113)\.0/24"],
        r"\d{1,3}(\.\d{1,3}){3}/\d{1,2}",
    ),
    shape(
        &["ipv6-cidr", "ipv6-network", "ipv6network"],
        &["2001:db8:[1-9a-f][0-9a-f]{0,3}::/48"],
        "[0-9a-fA-F:]+/[0-9]{1,3}",
    ),
    shape(
        &["mac", "mac-address", "macaddr", "macaddress"],
        &["02(:[0-9a-f]{2}){5}"],
        "[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}",
    ),
    shape(
        &["json-pointer"],
        &[
            "/[a-z]{3,12}(/[0-9])?",
            "(/[a-z]{3,12})+",
            "/[a-z]*|",
            "(/([a-z]|~[01])*)+",
        ],
        JUDGED,
    ),
    shape(
        &["relative-json-pointer"],
        &["[0-2](/[a-z]{3,12})+", "[0-9](/[a-z]*)?"],
        JUDGED,
    ),
    shape(
        &["regex", "regexp", "ecma-regex"],
        &[
            r"\^\[a-z\]\+\$|\^\\d\{[2-9]\}\$|\^\[A-Z\]\{[2-9]\}\$",
            r"\^[a-z]+\$",
            "[a-z]*",
            r"\^?([a-z0-9]|\([a-z]+\)|\[[a-z]+\]|\\[dws])+\$?",
        ],
        JUDGED,
    ),
    shape(
        &[
            "duration",
            "duration-constant",
            "iso8601-duration",
            "iso-8601-duration",
        ],
        &[
            "P[1-9]D|PT[1-9]H|PT(15|30|45)M|P[1-4]W|PT[1-9]H30M|P[1-6]M",
            r"P[1-9]\d*D",
            r"P(\d{1,4}Y)?(\d{1,2}M)?(\d{1,3}D)?(T(\d{1,2}H)?(\d{1,2}M)?(\d{1,2}S)?)?",
        ],
        "P[0-9TYMWDHS.,]+",
    ),
    shape(
        &["google-duration"],
        &[r"[1-9]\d{0,3}s", r"\d{1,9}(\.\d{1,9})?s"],
        r"-?\d+(\.\d+)?s",
    ),
    shape(
        &["google-fieldmask", "field-mask"],
        &[
            "(name|displayName|description|labels)(,(createTime|updateTime|etag))?",
            "[a-z]+(,[a-z]+)*",
        ],
        r"[\w.]+(,[\w.]+)*",
    ),
    // Numbers that are kept for stories (NANP 555-01xx), as E.164 writes them.
    shape(
        &[
            "phone",
            "phone-number",
            "e164",
            "e.164",
            "tel",
            "telephone",
            "mobile",
            "mobile-phone",
        ],
        &[r"\+120255501\d\d", r"\+1\d{6,14}", r"[2-9]\d*"],
        r"\+?[\d() .-]{5,20}",
    ),
    shape(
        &[
            "color",
            "hex-color",
            "color-hex",
            "css-color",
            "rgb-color",
            "hexcolor",
        ],
        &["#[0-9a-f]{6}", "#[0-9a-f]{8}", "#[0-9a-f]{3}"],
        "#[0-9a-fA-F]{3,8}|[a-z]+",
    ),
    shape(
        &["currency", "currency-code", "iso-4217", "iso4217"],
        &["EUR|USD|GBP|JPY|CHF|CAD|AUD|SEK|NOK|DKK"],
        "[A-Z]{3}",
    ),
    shape(
        &[
            "country",
            "country-code",
            "iso-3166",
            "iso-3166-1",
            "iso-3166-1-alpha-2",
            "iso3166",
            "iso-3166-alpha-2",
            "country-code-2",
        ],
        &["DE|FR|US|GB|ES|IT|NL|SE|JP|CA", "DEU|FRA|USA|GBR|ESP|ITA"],
        "[A-Z]{2,3}",
    ),
    shape(
        &["iso-3166-alpha-3", "iso-3166-1-alpha-3", "country-code-3"],
        &["DEU|FRA|USA|GBR|ESP|ITA|NLD|SWE|JPN|CAN"],
        "[A-Z]{3}",
    ),
    shape(
        &[
            "language",
            "language-code",
            "lang",
            "iso-639",
            "iso-639-1",
            "iso639-1",
        ],
        &["en|de|fr|es|it|nl|sv|ja", "en-US|de-DE|fr-FR"],
        "[a-zA-Z]{2,3}(-[A-Za-z0-9]{2,8})*",
    ),
    shape(
        &[
            "language-tag",
            "bcp47",
            "bcp-47",
            "locale",
            "rfc5646",
            "culture",
        ],
        &[
            "en-US|en-GB|de-DE|fr-FR|es-ES|it-IT|nl-NL|sv-SE|ja-JP",
            "en|de|fr",
            "zh-Hant-TW",
        ],
        "[a-zA-Z]{2,3}([-_][A-Za-z0-9]{2,8})*",
    ),
    shape(
        &[
            "timezone",
            "time-zone",
            "tz",
            "iana-timezone",
            "iana-time-zone",
            "olson",
        ],
        &[
            "Europe/(Berlin|Paris|London|Madrid|Rome)|America/(New_York|Toronto)|Asia/Tokyo",
            "UTC",
        ],
        r"[A-Za-z_]+(/[A-Za-z_+-]+)*",
    ),
    shape(
        &["ulid"],
        &["01H[0-9A-HJKMNP-TV-Z]{23}"],
        "[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{26}",
    ),
    shape(
        &[
            "objectid",
            "object-id",
            "bson-objectid",
            "mongo-id",
            "mongodb-objectid",
            "mongoid",
        ],
        &["6[5-7][0-9a-f]{22}"],
        "[0-9a-fA-F]{24}",
    ),
    shape(&["ksuid"], &["2[0-9A-Za-z]{26}"], "[0-9A-Za-z]{27}"),
    shape(&["nanoid"], &["[0-9A-Za-z_-]{21}"], "[0-9A-Za-z_-]+"),
    shape(
        &["semver", "version", "semantic-version"],
        &[r"[0-4]\.[0-9]\.[0-9]", r"[1-9]\d*\.\d{1,3}\.\d{1,3}"],
        r"v?\d+(\.\d+)*([-+].*)?",
    ),
    shape(&["char", "character"], &["[a-z]"], "."),
    shape(
        &["int", "integer", "int32", "uint32", "int-32"],
        &[
            r"[1-9]\d{0,3}",
            r"[1-9]\d{0,8}",
            r"1\d{9}",
            r"0*[1-9]\d{0,8}",
        ],
        r"-?\d+",
    ),
    shape(&["int8", "uint8"], &[r"[1-9]\d?", "0*[1-9]"], r"-?\d{1,3}"),
    shape(
        &["int16", "uint16"],
        &[r"[1-9]\d{1,3}", "0*[1-9]"],
        r"-?\d{1,5}",
    ),
    shape(
        &["int64", "uint64", "long", "bigint", "int-64"],
        &[r"[1-9]\d{3,9}", r"[1-9]\d{0,17}", r"0*[1-9]\d{0,17}"],
        r"-?\d+",
    ),
    shape(
        &[
            "decimal",
            "double",
            "float",
            "number",
            "decimal128",
            "money",
            "numeric",
            "double-int",
        ],
        &[r"[1-9]\d{0,2}\.\d{2}", r"[1-9]\d*\.\d\d", r"[1-9]\d*"],
        r"-?\d+(\.\d+)?([eE][+-]?\d+)?",
    ),
    // The seconds of 2024 and 2025.
    shape(
        &[
            "unix-time",
            "unixtime",
            "unix-timestamp",
            "epoch",
            "epoch-seconds",
            "unix",
        ],
        &[
            r"17(0[5-9]|[1-5]\d|6[0-6])\d{6}",
            r"17(0[5-9]|[1-5]\d|6[0-6])\d{9}",
        ],
        r"\d{9,13}",
    ),
    shape(
        &["bic", "swift", "swift-code", "bic-code"],
        &["(COBADEFF|DEUTDEFF|BNPAFRPP|BARCGB22|CHASUS33)(XXX)?"],
        "[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?",
    ),
    shape(&["sf-token"], &["[a-z]{3,12}", "[a-z]+"], "[A-Za-z*][!-~]*"),
    shape(
        &["sf-string"],
        &[r#""[a-z]{3,12}""#, r#""[a-z ]*""#],
        r#""[^"\\]*""#,
    ),
    shape(
        &["sf-integer"],
        &[r"[1-9]\d{0,2}", r"[1-9]\d{0,14}"],
        r"-?\d{1,15}",
    ),
    shape(
        &["sf-decimal"],
        &[r"[1-9]\d?\.\d", r"[1-9]\d{0,11}\.\d{1,3}"],
        r"-?\d{1,12}\.\d{1,3}",
    ),
    shape(&["sf-boolean"], &[r"\?[01]"], r"\?[01]"),
    shape(
        &["sf-binary"],
        &["(:([0-9a-z]{4}){2,4}:)", ":([0-9a-z]{4})*:"],
        ":[A-Za-z0-9+/=]*:",
    ),
    shape(
        &["media-range"],
        &[r"application/json|text/\*|image/png|\*/\*|text/html|image/\*"],
        r"[\w.+*-]+/[\w.+*-]+.*",
    ),
    shape(
        &[
            "media-type",
            "mime",
            "mime-type",
            "mimetype",
            "content-type",
        ],
        &["application/json|text/plain|image/png|application/pdf|text/csv"],
        r"[\w.+*-]+/[\w.+*-]+.*",
    ),
    shape(
        &["arm-id", "azure-resource-id"],
        &[
            "/subscriptions/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/resourceGroups/[a-z]{3,12}/providers/Microsoft[.]Storage/storageAccounts/[a-z]{3,24}",
        ],
        r"(/[^/ ]+)+",
    ),
    shape(
        &["arn", "aws-arn", "amazon-resource-name"],
        &[
            "arn:aws:s3:::[a-z]{3,12}(-[a-z]{3,12})?",
            "arn:aws:iam::123456789012:role/[a-z]+",
        ],
        "arn:[^ ]+",
    ),
    shape(
        &["int-or-string"],
        &["[1-9][0-9]?%|80|443|8080", "[0-9]+"],
        ".+",
    ),
    shape(
        &["quantity"],
        &["[1-9]00m|[1-9]|(64|128|256|512)Mi|[1-9]Gi", "[1-9][0-9]*"],
        r"[+-]?[\d.]+[A-Za-z]*[\d]*",
    ),
    shape(
        &["slug", "dns-label", "kebab-case", "k8s-name"],
        &["[a-z]{3,12}(-[a-z]{3,12})?", "[a-z]+(-[a-z]+)*"],
        "[a-z0-9-]+",
    ),
    shape(
        &["etag"],
        &[r#""[0-9a-f]{16}""#, r#""[0-9a-f]*""#],
        r#"(W/)?"[^"]*""#,
    ),
    shape(&["md5"], &["[0-9a-f]{32}"], "[0-9a-fA-F]{32}"),
    shape(&["sha1", "sha-1"], &["[0-9a-f]{40}"], "[0-9a-fA-F]{40}"),
    shape(&["sha256", "sha-256"], &["[0-9a-f]{64}"], "[0-9a-fA-F]{64}"),
    shape(
        &["sha512", "sha-512"],
        &["[0-9a-f]{128}"],
        "[0-9a-fA-F]{128}",
    ),
    shape(
        &["hex", "hexadecimal", "hex-string"],
        &["([0-9a-f]{2}){4,8}", "[0-9a-f]*"],
        "(0x)?[0-9a-fA-F]*",
    ),
    shape(&["year"], &["202[45]"], r"\d{4}"),
    shape(
        &["year-month", "yearmonth", "month-year"],
        &["202[45]-(0[1-9]|1[0-2])"],
        r"\d{4}-\d\d",
    ),
    shape(
        &["password"],
        &[
            "[A-Z][a-z]{4,8}-[a-z]{4,8}-[0-9]{2}",
            "[A-Z][a-z]+(-[a-z]+)*-[0-9]{2}",
            "[A-Z]?[a-z]*[0-9]?",
        ],
        ".+",
    ),
    shape(
        &["html"],
        &[
            "<p>[A-Z][a-z]{3,8} [a-z]{3,8}[.]</p>",
            "<p>[a-z ]*</p>",
            "[a-z ]*",
        ],
        "[^]*",
    ),
    shape(
        &["markdown", "commonmark", "md"],
        &["[*][*][A-Z][a-z]{3,8}[*][*] [a-z]{3,8}", "[A-Z]?[a-z ]*"],
        "[^]*",
    ),
];

fn find(format: &str) -> Option<&'static Shape> {
    SHAPES.iter().find(|shape| shape.is_called(format))
}

/// The first name of such a format, which its others are the same as; empty where it's none of
/// these.
pub(super) fn family(format: &str) -> &'static str {
    find(format)
        .and_then(|shape| shape.names.first())
        .unwrap_or(&"")
}

fn whole(pattern: &str) -> String {
    format!("^(?:{pattern})$")
}

/// The patterns of what is made for such a format.
pub(super) fn patterns(format: &str) -> Vec<String> {
    let found = find(format);
    let made = found.map_or(&[][..], |shape| shape.made);
    // Last what any text of it looks like: another version of a UUID than is made.
    let looks = found.map(|shape| shape.looks);
    let looks = looks.filter(|looks| *looks != JUDGED);
    made.iter().copied().chain(looks).map(whole).collect()
}

/// The pattern of many texts of such a format: of those that read well where nothing else is said of
/// them, else of those that it leaves most open.
pub(super) fn of_many(format: &str, is_all: bool) -> Option<String> {
    let made = find(format)?.made;
    let shape = match is_all {
        true => made.get(1).or(made.first()),
        false => made.last(),
    };
    Some(whole(shape?))
}

/// A text of such a format; nothing where it's none of these, or can't be so long.
pub(super) fn made(
    format: &str,
    bounds: Bounds,
    attempt: usize,
    draw: &mut Draw,
) -> Option<String> {
    let shapes = find(format)?.made;
    // What the first way makes has been refused more than once.
    let first = (attempt / TRIES_OF_SHAPE).min(shapes.len() - 1);
    shapes[first..].iter().find_map(|shape| {
        let pattern = [Pattern::parse(&whole(shape))?];
        (0..4).find_map(|attempt| walk(&pattern, bounds, attempt, draw))
    })
}

/// Whether a text may be of such a format; nothing where it's none of these.
pub(super) fn is_like(format: &str, text: &str) -> Option<bool> {
    /// What texts of each look like: compiled when one is first judged.
    static LOOKS: [OnceLock<Option<validate::Pattern>>; SHAPES.len()] =
        [const { OnceLock::new() }; SHAPES.len()];
    let number = SHAPES.iter().position(|shape| shape.is_called(format))?;
    let looks = SHAPES[number].looks;
    if looks == JUDGED {
        return Some(true);
    }
    let looks = LOOKS[number].get_or_init(|| validate::Pattern::compile(&whole(looks)));
    Some(looks.as_ref().is_some_and(|pattern| pattern.is_match(text)))
}

/// The names of these formats.
#[cfg(test)]
pub(super) fn names() -> Vec<&'static str> {
    SHAPES
        .iter()
        .flat_map(|shape| shape.names)
        .copied()
        .collect()
}
