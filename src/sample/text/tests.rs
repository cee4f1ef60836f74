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

/// What is made for a schema by twenty seeds; fails where nothing is, or what is refused.
fn made(schemas: Vec<Value>) -> Vec<Vec<String>> {
    let judge = Judge::of(schemas.clone());
    let mut faults = Vec::new();
    let texts = schemas.iter().enumerate().map(|(number, schema)| {
        let demand = demand(schema);
        let texts = (0..20).filter_map(|seed| {
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
        formats: Vec::from_iter(text("format")),
        least: count("minLength").unwrap_or(0),
        most: count("maxLength"),
        encoding: text("contentEncoding"),
        media_type: text("contentMediaType"),
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
