//! The contract for download that a site has: documents of several files as one.

use crate::process::{Folder, run};
use serde_json::Value;
use std::fs;

/// The contract of a folder's `api.yaml` in one file, which says the same.
fn bundled(files: &[(&str, &str)]) -> Value {
    let folder = Folder::of(files);
    let ended = run(folder.path(), &["docs", "api.yaml", "--out", "site"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    let site = folder.path().join("site/api");
    let json = fs::read_to_string(site.join("openapi.json")).expect("a file");
    let same = ["site/api/openapi.json", "site/api/openapi.yaml"];
    for bundle in same {
        let ended = run(
            folder.path(),
            &["diff", "api.yaml", bundle, "--fail-on", "any"],
        );
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{json}");
        let ended = run(
            folder.path(),
            &["diff", bundle, same[0], "--fail-on", "any"],
        );
        assert_eq!(ended.code, Some(0), "{json}");
    }
    serde_json::from_str(&json).expect("JSON")
}

fn api(version: &str, rest: &str) -> String {
    format!("openapi: {version}\ninfo: {{title: T, version: '1'}}\n{rest}")
}

/// A reply of a schema, for the `responses` of an operation.
fn reply(reference: &str) -> String {
    format!(
        "{{'200': {{description: A, content: {{application/json: {{schema: {{$ref: '{reference}'}}}}}}}}}}"
    )
}

#[test]
fn a_document_of_one_file_is_as_it_was() {
    let text = api(
        "3.1.0",
        &format!(
            "x-kept: {{b: 1.10, a: 12345678901234567890}}\npaths:\n  /a:\n    get: {{responses: {}}}\ncomponents: {{schemas: \
             {{A: {{$id: 'https://example.com/a', properties: {{a: {{$ref: '#'}}}}}}}}}}\n",
            reply("#/components/schemas/A")
        ),
    );
    let value = bundled(&[("api.yaml", &text)]);
    let names: Vec<&String> = value.as_object().expect("an object").keys().collect();
    assert_eq!(names, ["openapi", "info", "x-kept", "paths", "components"]);
    assert_eq!(
        value["x-kept"].to_string(),
        r#"{"b":1.10,"a":12345678901234567890}"#
    );
    assert_eq!(
        value["components"]["schemas"]["A"]["$id"],
        "https://example.com/a"
    );
}

#[test]
fn what_other_files_have_stands_among_the_components_under_its_own_name() {
    let text = api(
        "3.0.3",
        &format!(
            "paths:\n  /a:\n    get: {{responses: {}}}\n  /b:\n    $ref: 'paths/b.yaml'\n  /c:\n    $ref: 'paths/b.yaml'\n\
             components:\n  schemas:\n    Pet: {{$ref: 'schemas/Pet.yaml'}}\n    Tag: {{type: integer}}\n",
            reply("schemas/Pet.yaml")
        ),
    );
    let value = bundled(&[
        ("api.yaml", &text),
        (
            "schemas/Pet.yaml",
            "type: object\nproperties:\n  mother: {$ref: '#'}\n  tag: {$ref: 'Tag.yaml'}\n  other: {$ref: '../api.yaml#/components/schemas/Tag'}\n  \
             mate: {$ref: 'Tag.yaml#/properties/name'}\n",
        ),
        (
            "schemas/Tag.yaml",
            "type: object\nproperties: {pet: {$ref: 'Pet.yaml'}, name: {type: string}}\n",
        ),
        (
            "paths/b.yaml",
            &format!(
                "parameters: [{{$ref: '../common.yaml#/parameters/Limit'}}]\nget: {{responses: {}}}\n",
                reply("../schemas/Tag.yaml")
            ),
        ),
        (
            "common.yaml",
            "parameters: {Limit: {name: limit, in: query, schema: {type: integer}}}\n",
        ),
    ]);
    let text = value.to_string();
    assert!(!text.contains(".yaml"), "{value:#}");
    let components = &value["components"];
    let schemas = components["schemas"].as_object().expect("an object");
    assert_eq!(schemas.keys().collect::<Vec<_>>(), ["Pet", "Tag", "Tag-2"]);
    assert_eq!(
        schemas["Pet"]["properties"]["mother"]["$ref"],
        "#/components/schemas/Pet"
    );
    assert_eq!(
        schemas["Pet"]["properties"]["tag"]["$ref"],
        "#/components/schemas/Tag-2"
    );
    assert_eq!(
        schemas["Pet"]["properties"]["other"]["$ref"],
        "#/components/schemas/Tag"
    );
    // What lies in another is not there twice.
    let mate = &schemas["Pet"]["properties"]["mate"]["$ref"];
    assert_eq!(mate, "#/components/schemas/Tag-2/properties/name");
    assert_eq!(components["parameters"]["Limit"]["name"], "limit");
    // 3.0 has no component that a path item could be.
    assert!(value["paths"]["/b"]["get"].is_object());
    assert_eq!(value["paths"]["/c"]["$ref"], "#/paths/~1b");
}

#[test]
fn a_place_in_another_documents_paths_may_be_referred_to() {
    let other = api(
        "3.0.3",
        &format!(
            "paths:\n  /x:\n    get: {{responses: {}}}\ncomponents: {{schemas: {{X: {{type: string}}}}}}\n",
            reply("#/components/schemas/X")
        ),
    );
    let inner = "other.yaml#/paths/~1x/get/responses/200/content/application~1json/schema";
    let text = api(
        "3.0.3",
        &format!("paths:\n  /a:\n    get: {{responses: {}}}\n", reply(inner)),
    );
    let value = bundled(&[("api.yaml", &text), ("other.yaml", &other)]);
    // A reference that is nothing else is passed through to what it leads to.
    assert_eq!(
        value["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"],
        "#/components/schemas/X"
    );
    assert_eq!(value["components"]["schemas"]["X"]["type"], "string");
}

#[test]
fn discriminators_name_the_same_schemas() {
    let text = api(
        "3.1.0",
        "paths:\n  /a:\n    get:\n      responses:\n        '200':\n          description: A\n          content:\n            application/json:\n              \
         schema:\n                oneOf: [{$ref: 'Cat.yaml'}, {$ref: 'animals/Dog.yaml'}]\n                discriminator: {propertyName: kind, mapping: \
         {meow: './Cat.yaml'}}\ncomponents: {schemas: {Dog: {type: string}}}\n",
    );
    let value = bundled(&[
        ("api.yaml", &text),
        (
            "Cat.yaml",
            "{type: object, required: [kind], properties: {kind: {type: string}}}",
        ),
        (
            "animals/Dog.yaml",
            "{type: object, required: [kind], properties: {kind: {type: string}}}",
        ),
    ]);
    let schema =
        &value["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
    assert_eq!(
        schema["discriminator"]["mapping"],
        serde_json::json!({"meow": "#/components/schemas/Cat", "Dog": "#/components/schemas/Dog-2"})
    );
}

#[test]
fn schemas_of_older_drafts_and_with_ids_mean_the_same_in_one_file() {
    let text = api(
        "3.1.0",
        &format!(
            "paths:\n  /a:\n    get: {{responses: {}}}\n",
            reply("schemas/a.json#/definitions/Range")
        ),
    );
    let value = bundled(&[
        ("api.yaml", &text),
        (
            "schemas/a.json",
            r##"{"$schema": "http://json-schema.org/draft-04/schema#", "definitions": {
                "Range": {"type": "object", "properties": {
                    "from": {"type": "number", "minimum": 0, "exclusiveMinimum": true},
                    "pair": {"type": "array", "items": [{"type": "string"}, {"type": "integer"}]},
                    "id": {"$ref": "b.json#name", "type": "integer"}}}}}"##,
        ),
        (
            "schemas/b.json",
            r#"{"$id": "b.json", "$defs": {"n": {"$anchor": "name", "type": "string"}}}"#,
        ),
    ]);
    let schemas = &value["components"]["schemas"];
    let range = &schemas["Range"]["properties"];
    assert_eq!(
        range["from"],
        serde_json::json!({"type": "number", "exclusiveMinimum": 0})
    );
    assert_eq!(range["pair"]["prefixItems"][1]["type"], "integer");
    assert_eq!(
        range["id"],
        serde_json::json!({"$ref": "#/components/schemas/name"})
    );
    assert_eq!(schemas["name"], serde_json::json!({"type": "string"}));
}

#[test]
fn what_can_not_be_found_is_referred_to_as_before_and_examples_are_brought_in() {
    let text = api(
        "3.1.0",
        "paths:\n  /a:\n    get:\n      responses:\n        '200':\n          description: A\n          content:\n            application/json:\n              \
         schema: {type: object}\n              examples: {one: {externalValue: 'one.json'}, two: {value: {$ref: 'one.json'}}}\n",
    );
    let value = bundled(&[("api.yaml", &text), ("one.json", r#"{"a": [1]}"#)]);
    let content = &value["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"];
    assert_eq!(
        content["examples"]["one"],
        serde_json::json!({"value": {"a": [1]}})
    );
    // An example is what it is.
    assert_eq!(content["examples"]["two"]["value"]["$ref"], "one.json");
}

#[test]
fn maps_that_stand_elsewhere_are_maps_wherever_they_are_referred_to() {
    let text = api(
        "3.1.0",
        &format!(
            "paths:\n  /a:\n    get: {{responses: {}}}\ncomponents:\n  schemas:\n    A: {{properties: {{$ref: 'm0.yaml'}}}}\n    \
             B: {{properties: {{$ref: 'm0.yaml', own: {{type: integer}}}}}}\n",
            reply("#/components/schemas/B")
        ),
    );
    let mut files = vec![("api.yaml".to_owned(), text)];
    for number in 0..3 {
        let next = number + 1;
        let fields: Vec<String> = (0..10)
            .map(|field| format!("f{field}: {{properties: {{$ref: 'm{next}.yaml'}}}}"))
            .collect();
        files.push((
            format!("m{number}.yaml"),
            format!("{{{}}}", fields.join(", ")),
        ));
    }
    files.push(("m3.yaml".to_owned(), "{x: {type: integer}}".to_owned()));
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (&**name, &**text))
        .collect();
    let folder = Folder::of(&files);
    let ended = run(folder.path(), &["docs", "api.yaml", "--out", "site"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let text = fs::read_to_string(folder.path().join("site/api/openapi.json")).expect("a file");
    assert!(!text.contains("yaml"), "{text}");
    let value: Value = serde_json::from_str(&text).expect("JSON");
    let own = &value["components"]["schemas"]["B"]["properties"];
    assert_eq!(own["own"]["type"], "integer");
    assert!(own["f0"].is_object() && own.get("$ref").is_none());
}
