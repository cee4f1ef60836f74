use super::*;
use crate::spec::{At, Opening, Reach, Source};
use crate::validate::{Place, View};
use serde_json::json;
use std::sync::Arc;

const PET: &str = r#"
openapi: 3.1.0
info: {title: T, version: '1'}
paths: {}
components:
  schemas:
    Pet:
      type: object
      required: [name, age]
      additionalProperties: false
      properties:
        id: {type: integer, readOnly: true}
        name: {type: string, minLength: 2, maxLength: 5}
        age: {type: integer, minimum: 0, exclusiveMaximum: 100}
        kind: {enum: [cat, dog]}
        born: {type: [string, 'null'], format: date}
        tags: {type: array, maxItems: 2, uniqueItems: true, items: {type: string, pattern: '^[a-z]+$'}}
"#;

struct Pet {
    document: Arc<Document>,
    schemas: Schemas,
    at: At,
}

impl Pet {
    fn new() -> Pet {
        Pet::of(PET)
    }

    fn of(text: &str) -> Pet {
        let opening = Opening {
            path: None,
            reach: &Reach::default(),
            overlays: &[],
        };
        let document = Document::read(Source::new("t.yaml", text), &opening).expect("a document");
        let document = Arc::new(document);
        let pointer = Pointer::parse("/components/schemas/Pet").expect("a pointer");
        let at = document.at(&pointer).expect("a schema").at();
        Pet {
            schemas: Schemas::new(Arc::clone(&document)),
            document,
            at,
        }
    }

    fn ground(&self) -> Ground<'_> {
        Ground {
            document: &self.document,
            schemas: &self.schemas,
            order: Order {
                schema: self.at,
                view: View::Request,
                seed: "",
                is_dynamic: false,
                locale: Default::default(),
                names: &[],
                hint: None,
                wish: None,
            },
        }
    }
}

fn rex() -> Value {
    json!({"name": "Rex", "age": 3, "kind": "dog", "tags": ["good"]})
}

/// What a value breaks, a line each.
fn told(pet: &Pet, value: &Value) -> Vec<String> {
    let schema = pet.schemas.at(View::Request, pet.at);
    let found = pet.schemas.check(schema, value, &Place::Body);
    let told = found
        .iter()
        .map(|one| format!("{} {}", one.place, one.rule));
    told.collect()
}

#[test]
fn each_constraint_is_broken_alone() {
    let pet = Pet::new();
    let found = broken(pet.ground(), &rex());
    let told: Vec<Vec<String>> = found.iter().map(|value| told(&pet, value)).collect();
    assert!(told.iter().all(|told| told.len() == 1), "{told:#?}");
    let mut told = told.concat();
    told.sort();
    told.dedup();
    insta::assert_snapshot!(told.join("\n"), @r"
    body /age exclusiveMaximum
    body /age minimum
    body /age required
    body /age type
    body /born format
    body /born type
    body /counterpartUndocumented additionalProperties
    body /kind enum
    body /name maxLength
    body /name minLength
    body /name required
    body /name type
    body /tags maxItems
    body /tags type
    body /tags uniqueItems
    body /tags/0 pattern
    body /tags/0 type
    body type
    ");
}

/// A server that takes fractions would refuse one that is below the minimum, too.
#[test]
fn a_fraction_is_within_the_limits() {
    for (limits, age, wanted) in [
        ("minimum: 1", 1, 1.5),
        ("minimum: 1, maximum: 3", 3, 2.5),
        ("maximum: -2", -2, -2.5),
    ] {
        let text = PET.replace("minimum: 0, exclusiveMaximum: 100", limits);
        let pet = Pet::of(&text);
        let found = broken(pet.ground(), &json!({"name": "Rex", "age": age}));
        let mut ages = found.iter().filter_map(|value| value["age"].as_f64());
        let fraction = ages.find(|age| age.fract() != 0.0);
        assert_eq!(fraction, Some(wanted), "{limits}");
    }
}

#[test]
fn edges_are_valid_and_at_every_limit() {
    let pet = Pet::new();
    let found = edges(pet.ground(), &rex());
    assert!(found.iter().all(|value| told(&pet, value).is_empty()));
    let lines: Vec<String> = found.iter().map(Value::to_string).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    {"name":"Rex","age":3}
    {"name":"Re","age":3,"kind":"dog","tags":["good"]}
    {"name":"Rexxx","age":3,"kind":"dog","tags":["good"]}
    {"name":"Rex","age":0,"kind":"dog","tags":["good"]}
    {"name":"Rex","age":99,"kind":"dog","tags":["good"]}
    {"name":"Rex","age":3,"kind":"cat","tags":["good"]}
    {"name":"Rex","age":3,"tags":["good"]}
    {"name":"Rex","age":3,"kind":"dog","tags":[]}
    {"name":"Rex","age":3,"kind":"dog","tags":["good","goodd"]}
    {"name":"Rex","age":3,"kind":"dog"}
    {"name":"Rex","age":3,"kind":"dog","tags":["good"],"born":"1961-09-06"}
    {"name":"Rex","age":3,"kind":"dog","tags":["good"],"born":null}
    "#);
}
