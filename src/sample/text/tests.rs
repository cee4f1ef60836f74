use super::*;
use crate::spec::{Document, Opening, Reach, Source};
use crate::validate::{SchemaId, Schemas, View};
use crate::wire::Pointer;
use serde_json::{Value, json};
use std::sync::Arc;

/// Schemas, as the validator judges them.
struct Judge {
    schemas: Schemas,
    ids: Vec<SchemaId>,
}

impl Judge {
    fn of(schemas: Vec<Value>) -> Judge {
        let count = schemas.len();
        let text = json!({
            "openapi": "3.1.0",
            "info": {"title": "Texts", "version": "1"},
            "components": {"schemas": {"All": {"prefixItems": schemas}}}
        });
        let opening = Opening {
            path: None,
            reach: &Reach::default(),
            overlays: &[],
        };
        let document = Document::read(Source::new("texts.json", text.to_string()), &opening);
        let document = Arc::new(document.expect("a document"));
        let schemas = Schemas::new(Arc::clone(&document));
        let ids = (0..count).map(|number| {
            let pointer = format!("/components/schemas/All/prefixItems/{number}");
            let pointer = Pointer::parse(&pointer).expect("a pointer");
            schemas.at(View::Reply, document.at(&pointer).expect("a node").at())
        });
        let ids = ids.collect();
        Judge { schemas, ids }
    }

    fn accepts(&self, number: usize, text: &str) -> bool {
        self.schemas.is_valid(self.ids[number], &json!(text))
    }
}

/// What is made for a schema by 25 seeds; fails where nothing is, or what is refused.
fn made(schemas: Vec<Value>) -> Vec<Vec<String>> {
    let judge = Judge::of(schemas.clone());
    let mut faults = Vec::new();
    let texts = schemas.iter().enumerate().map(|(number, schema)| {
        let demand = demand(schema);
        let texts = (0..25).filter_map(|seed| {
            let mut draw = Draw::of(&format!("{seed}"));
            let made = text(&demand, None, &mut draw, &|text| {
                judge.accepts(number, text)
            });
            if made.is_none() {
                faults.push(format!("{schema}: nothing for {seed}"));
            }
            made
        });
        texts.collect()
    });
    let texts = texts.collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    texts
}

fn demand(schema: &Value) -> TextDemand {
    let text = |name: &str| schema[name].as_str().map(str::to_owned);
    let count = |name: &str| schema[name].as_u64().map(|count| count as usize);
    let mut patterns = Vec::from_iter(text("pattern"));
    patterns.extend(
        schema["allOf"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|part| part["pattern"].as_str().map(str::to_owned)),
    );
    TextDemand {
        patterns,
        unlike: Vec::new(),
        formats: Vec::from_iter(text("format")),
        least: count("minLength").unwrap_or(0),
        most: count("maxLength"),
        encoding: text("contentEncoding"),
        media_type: text("contentMediaType"),
        ..TextDemand::default()
    }
}

#[test]
fn every_pattern_of_public_documents_is_satisfied() {
    let patterns = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/cases/patterns.txt"
    ));
    let schemas: Vec<Value> = patterns
        .lines()
        .filter(|line| !line.is_empty())
        .map(|line| match serde_json::from_str(line) {
            Ok(schema @ Value::Object(_)) => schema,
            _ => json!({"pattern": line}),
        })
        .collect();
    show(&schemas, made(schemas.clone()));
}

/// Formats, with the fewest and the most characters that they are asked for.
const FORMATS: &[(&str, &[(usize, usize)])] = &[
    (
        "date-time",
        &[(0, 99), (20, 20), (0, 24), (24, 24), (25, 30), (40, 40)],
    ),
    ("date", &[(0, 99), (10, 10)]),
    ("time", &[(0, 99), (9, 9), (14, 14)]),
    ("duration", &[(0, 99), (3, 3), (12, 12)]),
    (
        "email",
        &[(0, 255), (0, 10), (5, 5), (3, 3), (60, 70), (100, 254)],
    ),
    ("idn-email", &[(0, 255), (0, 10)]),
    ("hostname", &[(0, 255), (0, 10), (1, 1), (100, 253)]),
    ("idn-hostname", &[(0, 255), (0, 10)]),
    ("ipv4", &[(0, 99), (7, 7), (15, 15)]),
    ("ipv6", &[(0, 99), (0, 8), (39, 39)]),
    ("uri", &[(0, 255), (0, 12), (500, 600), (2, 2), (255, 255)]),
    ("uri-reference", &[(0, 255), (0, 0), (0, 12), (500, 600)]),
    ("iri", &[(0, 255), (0, 12)]),
    ("iri-reference", &[(0, 255), (0, 12)]),
    ("uri-template", &[(0, 255), (0, 5), (200, 300)]),
    ("uuid", &[(0, 99), (36, 36)]),
    ("json-pointer", &[(0, 99), (0, 0), (50, 60)]),
    ("relative-json-pointer", &[(0, 99), (1, 1), (50, 60)]),
    ("regex", &[(0, 99), (0, 2), (50, 60)]),
    ("byte", &[(0, 99), (0, 4), (100, 110), (0, 3)]),
];

#[test]
fn every_judged_format_is_made_in_the_length_that_is_asked_for() {
    let schemas = FORMATS.iter().flat_map(|(format, lengths)| {
        let schema = move |(least, most): &(usize, usize)| {
            json!({"format": format, "minLength": least, "maxLength": most})
        };
        lengths.iter().map(schema)
    });
    let schemas: Vec<Value> = schemas.collect();
    show(&schemas, made(schemas.clone()));
}

fn show(schemas: &[Value], texts: Vec<Vec<String>>) {
    if std::env::var_os("SHOW").is_none() {
        return;
    }
    for (schema, texts) in schemas.iter().zip(texts) {
        let cut = |text: &String| text.chars().take(100).collect();
        let shown: Vec<String> = texts.iter().take(6).map(cut).collect();
        println!("{schema}\n    {shown:?}");
    }
}

#[test]
fn what_cant_be_ends_soon() {
    let schemas = [
        json!({"pattern": "a^"}),
        json!({"pattern": "$a"}),
        json!({"pattern": r"^[^\s\S]$"}),
        json!({"pattern": "^a(?!b)b$"}),
        json!({"pattern": "^(?=b)a$"}),
        json!({"pattern": r"^a\bb$"}),
        json!({"pattern": "^a{5}$", "maxLength": 4}),
        json!({"pattern": "^(ab)+$", "minLength": 3, "maxLength": 3}),
        json!({"pattern": "^[a-z]{3}$", "minLength": 4}),
        json!({"pattern": "a{1000000000}{1000000000}"}),
        json!({"pattern": "((a?){50000}){50000}$b"}),
        json!({"allOf": [{"pattern": "^[a-z]+$"}, {"pattern": "[0-9]"}]}),
        json!({"format": "uuid", "maxLength": 35}),
        json!({"format": "date", "pattern": "^[a-z]"}),
        json!({"format": "email", "maxLength": 2}),
        json!({"minLength": 2_000_000}),
        json!({"minLength": 3, "maxLength": 2}),
    ];
    let judge = Judge::of(schemas.to_vec());
    for (number, schema) in schemas.iter().enumerate() {
        let effort = Effort::of(400_000);
        let mut draw = Draw::of("none");
        let made = text(&demand(schema), None, &mut draw, &|text| {
            judge.accepts(number, text)
        });
        assert_eq!(made, None, "{schema}");
        assert!(!effort.is_spent(), "{schema} took too long");
    }
}

#[test]
fn a_seed_gives_the_same_text_and_others_others() {
    let schemas = [
        json!({}),
        json!({"minLength": 300}),
        json!({"pattern": "^[a-z]+-[0-9]{4}$"}),
        json!({"format": "email"}),
        json!({"format": "date-time"}),
        json!({"contentEncoding": "base64", "contentMediaType": "application/json"}),
    ];
    let (first, again) = (made(schemas.to_vec()), made(schemas.to_vec()));
    assert_eq!(first, again);
    for texts in first {
        let different: std::collections::BTreeSet<&String> = texts.iter().collect();
        assert!(different.len() > 10, "{texts:?}");
    }
}

#[test]
fn plain_texts_are_words_in_the_length_that_is_asked_for() {
    let lengths = [
        (0, 0),
        (0, 1),
        (0, 5),
        (1, 1),
        (20, 20),
        (61, 61),
        (64, 64),
        (3000, 3010),
    ];
    let schema = |(least, most)| json!({"minLength": least, "maxLength": most});
    let schemas: Vec<Value> = lengths.into_iter().map(schema).collect();
    for text in made(schemas).iter().flatten() {
        let is_plain = |c: char| c.is_ascii_alphabetic() || " .".contains(c);
        assert!(text.chars().all(is_plain), "{text}");
        assert!(!text.starts_with(' ') && !text.contains("  "), "{text}");
    }
    let long = made(vec![json!({"minLength": 200_000})]);
    assert!(long[0].iter().all(|text| text.len() < 201_000));
    let free = made(vec![json!({"pattern": "^.{0,262144}$"})]);
    assert!(free[0].iter().all(|text| text.len() < 64));
}

#[test]
fn a_wish_is_taken_where_it_fits_and_fitted_where_it_can_be() {
    let cases = [
        ("Ada Lovelace", json!({}), "Ada Lovelace"),
        ("Ada Lovelace", json!({"maxLength": 8}), "Ada"),
        (
            "Ada Lovelace",
            json!({"minLength": 6, "maxLength": 8}),
            "Ada Love",
        ),
        ("Größe", json!({"maxLength": 3}), "Grö"),
        ("4711", json!({"pattern": "^[0-9]+$"}), "4711"),
        (
            "Harbor Lights",
            json!({"pattern": "^[a-z0-9-]+$"}),
            "harbor-lights",
        ),
        (
            "Harbor Lights",
            json!({"pattern": "^[A-Z_]+$"}),
            "HARBOR_LIGHTS",
        ),
        (
            "ada@example.org",
            json!({"format": "email"}),
            "ada@example.org",
        ),
        ("PLN", json!({"format": "currency"}), "PLN"),
        ("2025-03-04", json!({"format": "date"}), "2025-03-04"),
        ("Ada", json!({"format": "unknown-to-all"}), "Ada"),
    ];
    let judge = Judge::of(cases.iter().map(|(_, schema, _)| schema.clone()).collect());
    for (number, (wish, schema, expected)) in cases.iter().enumerate() {
        let mut draw = Draw::of("wish");
        let accepts = |text: &str| judge.accepts(number, text);
        let made = text(&demand(schema), Some(wish), &mut draw, &accepts);
        assert_eq!(made.as_deref(), Some(*expected), "{wish} {schema}");
    }
    for (wish, schema) in [
        ("Ada", json!({"format": "email"})),
        ("Ada", json!({"format": "phone"})),
        ("Ada", json!({"format": "byte"})),
        ("Ada", json!({"pattern": "^[0-9]+$"})),
        ("Ada", json!({"contentEncoding": "base64"})),
    ] {
        let judge = Judge::of(vec![schema.clone()]);
        let mut draw = Draw::of("wish");
        let made = text(&demand(&schema), Some(wish), &mut draw, &|text| {
            judge.accepts(0, text)
        });
        assert!(made.is_some_and(|made| made != wish), "{schema}");
    }
    let long = json!({"minLength": 100});
    let judge = Judge::of(vec![long.clone()]);
    let mut draw = Draw::of("wish");
    let made = text(&demand(&long), Some("Ada"), &mut draw, &|text| {
        judge.accepts(0, text)
    });
    assert!(made.is_some_and(|made| made.starts_with("Ada ")));
}

#[test]
fn formats_beyond_json_schema_are_made_as_they_look() {
    let mut names = shapes::names();
    names.extend([
        "http-date",
        "date-time-local",
        "time-local",
        "iban",
        "isbn",
        "jwt",
        "UUID",
    ]);
    names.extend(["credit-card", "base64url", "google-datetime", "date_time"]);
    let schemas: Vec<Value> = names.iter().map(|name| json!({"format": name})).collect();
    let texts = made(schemas.clone());
    for (name, texts) in names.iter().zip(&texts) {
        for text in texts.iter().filter(|_| shapes::is_like(name, "").is_some()) {
            assert_eq!(shapes::is_like(name, text), Some(true), "{name} {text}");
        }
    }
    show(&schemas, texts);
}

#[test]
fn encodings_hold_what_their_media_type_says() {
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};
    for (least, most) in [(0, 400), (8, 8), (100, 110), (40, 43)] {
        let lengths = |encoding: &str, media_type: &str| {
            json!({
                "contentEncoding": encoding, "contentMediaType": media_type,
                "minLength": least, "maxLength": most
            })
        };
        let schemas = vec![
            lengths("base64", "application/json"),
            lengths("base64url", "application/problem+json"),
            lengths("base16", "text/plain"),
            lengths("base32", "text/html"),
            lengths("quoted-printable", "text/plain"),
            lengths("7bit", "text/csv"),
            lengths("base64", "image/png"),
            json!({"contentMediaType": "application/json", "minLength": least, "maxLength": most}),
        ];
        let texts = made(schemas.clone());
        for text in &texts[0] {
            let bytes = STANDARD.decode(text).expect("base64");
            serde_json::from_slice::<Value>(&bytes).expect("JSON");
        }
        for text in &texts[1] {
            let bytes = URL_SAFE.decode(text).expect("base64url");
            serde_json::from_slice::<Value>(&bytes).expect("JSON");
        }
        for text in &texts[7] {
            serde_json::from_str::<Value>(text).expect("JSON");
        }
        show(&schemas, texts);
    }
}

#[test]
fn a_pattern_that_may_stand_anywhere_stands_within_a_text_of_its_format() {
    let schemas = [
        ("uri", r"github\.com"),
        ("uri", r"\.png$"),
        ("uri", "/items/[0-9]+"),
        ("uri", "[?&]token=[a-f0-9]{8}"),
        ("uri", "[A-Z]{3}"),
        ("uri", r"\.(jpe?g|png)(\?.*)?$"),
        ("uri", r"#section-\d$"),
        ("url", "amazonaws"),
        ("iri", "/x$"),
        ("uri", "(^https?://)|(^ftp://)"),
        ("uri-reference", r"\bv[0-9]\b"),
        ("email", r"\+test@"),
        ("email", "[0-9]{4}"),
        ("email", "@corp"),
        ("byte", "==$"),
        ("byte", "^AA"),
    ];
    let schemas = schemas.map(|(format, pattern)| json!({"format": format, "pattern": pattern}));
    let texts = made(schemas.to_vec());
    assert!(
        texts[0]
            .iter()
            .all(|text| text.starts_with("https://github.com"))
    );
    let path = "https://www.example.com/items/";
    assert!(
        texts[2].iter().all(|text| text.starts_with(path)),
        "{:?}",
        texts[2]
    );
}

#[test]
fn words_that_a_pattern_bounds_are_parted() {
    let patterns = [
        r"\bfoo\b.*\bbar\b",
        r"^foo\b.*bar$",
        r"^foo.*\bbar$",
        r"foo\b.\bbar",
        r"foo\b.+\bbar",
        r"^foo\b.*\b(bar|baz)\b.*$",
        r"^.*\bfoo\b.*$",
        r"^\w+\b.*\b\w+$",
        r"^foo\b.{3,}\bbar$",
        r"\b(GET|POST)\b\s*\b/",
        r"^#.*\b#$",
    ];
    let schemas = patterns.iter().map(|pattern| json!({"pattern": pattern}));
    let texts = made(schemas.collect());
    let is_plain = |text: &String| text == "foo bar";
    assert!(texts[0].iter().any(is_plain), "{:?}", texts[0]);
    assert!(texts[1].iter().any(is_plain), "{:?}", texts[1]);
}

/// What stands before a place is asked for by what looks behind, what comes by what looks ahead.
#[test]
fn what_is_looked_for_around_a_place_stands_there() {
    let patterns = [
        r"^.{3,10}(?<=\.(?:png|jpg))$",
        "^.*(?<=abc)def$",
        "^[a-z]{4,8}(?<=ing)$",
        "^(?:..){5,}$(?<=z)",
        "^[a-z]+(?<=^[a-z]{7})$",
        r"(?<=@)\w+\.com$",
        r"^\w+(?<!s)$",
        r"^[A-Z]{2}\d{4}(?<!0000)$",
        "^(?=.{20}$)(?:a(?=b)|b(?=[ac])|c(?=a|$))+$",
        r"^(?!.*(.).*\1)[abcdefgh]{8}$",
        r"^(\d)(?!\1)(\d)(?!\1|\2)(\d)$",
        "^(?=(?:.*[aeiou]){3})(?!.*[aeiou]{2})[a-z]{7}$",
        r"^(?=\D*\d\D*$)[\da-z]{6}$",
        "^(?:(?!--).){5,8}$",
        r"^\b\w{3}\b \b\w{4}\b$",
        "^[é-ü]{3,5}(?<=ï)$",
    ];
    let mut schemas: Vec<Value> = patterns
        .iter()
        .map(|pattern| json!({"pattern": pattern}))
        .collect();
    schemas.extend([
        json!({"pattern": "^[a-z]{4,8}(?<=ing)$", "minLength": 8}),
        json!({"allOf": [{"pattern": "(?<=x)y"}, {"pattern": "^a"}], "maxLength": 4}),
        json!({"format": "regex", "pattern": r"^\(", "minLength": 3}),
    ]);
    let texts = made(schemas.clone());
    for texts in &texts[..3] {
        let different: std::collections::BTreeSet<&String> = texts.iter().collect();
        assert!(different.len() > 10, "{texts:?}");
    }
    show(&schemas, texts);
}
