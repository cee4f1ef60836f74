use super::*;
use crate::spec::Shapes;
use serde_json::Value;
use serde_json::json;

fn told(described: &Described, lead: &str, lines: &mut Vec<String>) {
    let types: Vec<&str> = described
        .types
        .iter()
        .map(|word| match word {
            Word::Plain(text) | Word::Schema(text) | Word::Named(text) => text.as_str(),
        })
        .collect();
    let mut line = format!("{lead}: {}", types.join(" "));
    for words in &described.constraints {
        line += &format!("; {words}");
    }
    if let Some(more) = &described.more {
        line += &match more {
            More::Schema(name) => format!(" -> {name}"),
            More::Part(part) => format!(" -> part {} from {}", part.title, part.from),
        };
    }
    lines.push(line);
    for field in &described.fields {
        let name = field.name.sign();
        let mark = if field.is_required { "!" } else { "" };
        told(&field.what, &format!("{lead}.{name}{mark}"), lines);
    }
    for choice in &described.choices {
        for one in &choice.of {
            let tag = one.tags.join("|");
            told(&one.what, &format!("{lead}<{tag}>"), lines);
        }
    }
}

fn of(root: Value, name: &str) -> Vec<String> {
    let (shapes, _) = Shapes::of_schema(&root);
    let document = shapes.document();
    let schemas = document
        .root()
        .get("components")
        .and_then(|c| c.get("schemas"));
    let schema = schemas
        .and_then(|schemas| schemas.get(name))
        .expect("a schema");
    let mut lines = Vec::new();
    told(
        &Describing::new(document, 50_000).describe(schema.at()),
        "",
        &mut lines,
    );
    lines
}

#[test]
fn fields_are_told_in_document_order_with_what_is_demanded_of_each() {
    let lines = of(
        json!({"components": {"schemas": {
            "Pet": {
                "allOf": [{"$ref": "#/components/schemas/Named"}],
                "type": "object",
                "required": ["name"],
                "properties": {
                    "age": {"type": "integer", "minimum": 0, "maximum": 30, "nullable": true},
                    "tags": {"type": "array", "maxItems": 3, "items": {"type": "string", "minLength": 1}},
                    "friends": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}},
                    "owner": {"$ref": "#/components/schemas/Named"},
                },
                "additionalProperties": {"type": "string", "format": "uri"},
            },
            "Named": {"properties": {"name": {"type": "string", "pattern": "^a"}}},
        }}}),
        "Pet",
    );
    let expected = [
        ": Pet",
        ".name!: string; matches `^a`",
        ".age: integer or null; 0 to 30",
        ".tags: array of string; at most 3 items; each: at least 1 character",
        ".friends: array of Pet -> Pet",
        ".owner: Named",
        ".owner.name: string; matches `^a`",
        ".*: string; a URI",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn variants_are_told_by_what_tells_them_apart() {
    let lines = of(
        json!({"components": {"schemas": {
            "Payment": {
                "oneOf": [{"$ref": "#/components/schemas/Card"}, {"$ref": "#/components/schemas/Bank"},
                          {"type": "null"}],
                "discriminator": {"propertyName": "kind", "mapping": {"card": "#/components/schemas/Card"}},
            },
            "Card": {"properties": {"kind": {"type": "string"}, "number": {"type": "string"}}},
            "Bank": {"properties": {"kind": {"const": "bank"}}},
        }}}),
        "Payment",
    );
    let expected = [
        ": Payment or null",
        "<card>: Card",
        "<card>.kind: string",
        "<card>.number: string",
        "<bank>: Bank",
        "<bank>.kind: string; always `bank`",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn what_has_no_room_is_counted_and_leads_to_its_page() {
    let fields = |name: &str| {
        let fields = (0..50).map(|number| (format!("{name}{number}"), json!({"type": "string"})));
        fields.collect::<serde_json::Map<String, Value>>()
    };
    let root = json!({"components": {"schemas": {
        "Wide": {"properties": {"a": {"$ref": "#/components/schemas/Inner"}, "b": {"properties": fields("b")}}},
        "Inner": {"properties": fields("c")},
    }}});
    let (shapes, _) = Shapes::of_schema(&root);
    let document = shapes.document();
    let schemas = document
        .root()
        .get("components")
        .and_then(|c| c.get("schemas"));
    let wide = schemas
        .and_then(|schemas| schemas.get("Wide"))
        .expect("a schema");
    let what = Describing::new(document, 2_000).describe(wide.at());
    let [a, b] = what.fields.as_slice() else {
        panic!("{what:?}");
    };
    let inner = More::Schema("Inner".to_owned());
    assert_eq!((a.what.cut, a.what.more.as_ref()), (50, Some(&inner)));
    // What has no name has a page for want of room.
    let Some(More::Part(part)) = &b.what.more else {
        panic!("{b:?}");
    };
    assert_eq!(
        (b.what.cut, part.title.as_str(), part.from),
        (50, "Wide.b", 0)
    );
    let rest = Describing::own(document, 10_000).part(part);
    assert_eq!(rest.fields.len() + rest.cut, 50);
    let Some(More::Part(next)) = &rest.more else {
        panic!("{rest:?}");
    };
    let last = Describing::own(document, 50_000).part(next);
    assert_eq!((rest.fields.len() + last.fields.len(), last.cut), (50, 0));
}

#[test]
fn many_values_are_counted_and_all_stand_on_their_own_page() {
    let values: Vec<String> = (0..100).map(|number| format!("v{number}")).collect();
    let root = json!({"components": {"schemas": {
        "Kind": {"enum": values},
        "Holder": {"properties": {"a": {"$ref": "#/components/schemas/Kind"}, "b": {"enum": values}}},
    }}});
    let (shapes, _) = Shapes::of_schema(&root);
    let document = shapes.document();
    let named = |name: &str| {
        let schemas = document
            .root()
            .get("components")
            .and_then(|of| of.get("schemas"));
        schemas.and_then(|of| of.get(name)).expect("a schema").at()
    };
    let holder = Describing::new(document, 50_000).describe(named("Holder"));
    let [a, b] = holder.fields.as_slice() else {
        panic!("{holder:?}");
    };
    assert!(a.what.constraints[0].ends_with("`v19` and 80 others"));
    assert_eq!(a.what.values, Some((100, More::Schema("Kind".to_owned()))));
    assert!(matches!(&b.what.values, Some((100, More::Part(part))) if part.title == "Holder.b"));
    let own = Describing::own(document, 50_000).describe(named("Kind"));
    assert!(own.constraints[0].ends_with("`v99`") && own.values.is_none());
}
