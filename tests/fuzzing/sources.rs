//! Documents, fixtures and rules: they load, or are refused with a place.

use super::{fuzz, texts};
use crate::process::Folder;
use counterpart::contract::Contract;
use counterpart::wire::{Method, Request};

const DOCUMENT: &str = "openapi: 3.1.0
info: {title: Notes, version: '1'}
paths:
  /notes:
    get: {parameters: [{name: q, in: query, schema: {type: string, pattern: '^a+$'}}], responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Note'}}}}}}}
  /notes/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {operationId: getNote, responses: {'200': {description: One, headers: {X-A: {schema: {type: integer}}}, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}}
    patch:
      operationId: updateNote
      requestBody: {content: {application/merge-patch+json: {schema: {type: object, properties: {text: {type: string}, start: {type: integer}, end: {type: integer}}}}}}
      responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}, '422': {description: Wrong}}
components:
  schemas:
    Note: &note
      type: object
      required: [id]
      properties: {id: {type: string}, text: {type: string, maxLength: 9}, start: {type: integer}, end: {type: integer}, next: {$ref: '#/components/schemas/Note'}}
";
const OLDER: &str = r##"{"swagger": "2.0", "info": {"title": "T", "version": "1"}, "basePath": "/v1", "produces": ["application/json"],
 "paths": {"/pets/{id}": {"get": {"parameters": [{"name": "id", "in": "path", "required": true, "type": "integer", "format": "int64"}],
 "responses": {"200": {"description": "ok", "schema": {"$ref": "#/definitions/Pet"}}}}}},
 "definitions": {"Pet": {"type": "object", "discriminator": "kind", "properties": {"kind": {"type": "string"}, "age": {"type": "integer", "minimum": 0, "exclusiveMinimum": true}}}}}"##;
const RULES: &str = "rules:
- operation: updateNote
  require: next.end > next.start
  message: The end must be after the start
  at: /end
- operation: updateNote
  require: size(request.body.text) < 5 && stored.text.matches('^[a-z]*$')
  status: 422
  message: Too long
";

fn asked(contract: &Contract) {
    for target in ["/notes", "/notes/a", "/v1/pets/1"] {
        contract.answer(Request::new(Method::GET, target));
    }
}

#[test]
fn any_document_loads_or_is_refused_with_a_place() {
    let words = [
        "$ref: '#/components/schemas/Note'",
        "$ref: '#'",
        "&a ",
        "*a",
        "<<: *note",
        "- ",
        "? ",
        "| ",
        "allOf: [",
        "{",
        "}",
        "type: [",
        "nullable: true",
        "pattern: '(?<",
        "openapi: 3.0.0",
        "\"$ref\": \"#/paths\"",
        "discriminator: {propertyName: id}",
        "enum: []",
        "parameters: ",
        "default: ",
        "required: true",
        "!!binary",
        "---\n",
    ];
    fuzz("documents", &texts(&[DOCUMENT, OLDER]), &words, |input| {
        let text = String::from_utf8_lossy(input);
        let name = if text.starts_with('{') {
            "t.json"
        } else {
            "t.yaml"
        };
        match Contract::from_text(name, &text) {
            Ok(contract) => {
                contract.read_whole();
                asked(&contract);
            }
            Err(errors) => assert!(!errors.0.is_empty() && errors.to_string().contains("t.")),
        }
    });
}

#[test]
fn any_rules_and_fixtures_load_or_are_refused_with_a_place() {
    let folder = Folder::of(&[("specs/notes.yaml", DOCUMENT)]);
    let items = "[{id: a, text: first, start: 1, end: 2}, {id: b}]";
    let words = [
        "next.",
        "stored.",
        "request.body",
        "item('notes', 'a')",
        ".map(x, x)",
        ".exists(x, ",
        "size(",
        "now",
        "timestamp('",
        "duration('1h')",
        "&&",
        "||",
        "!",
        "? 1 : 2",
        "[0]",
        "in [1, 2]",
        "define:",
        "let:",
        "set:",
        "when: ",
        "has(next.text)",
        "'a' * 9",
        "1 / 0",
        "- operation: getNote",
    ];
    let patch = r#"{"text":"abc","start":3,"end":1}"#;
    let path = folder.path().join("specs/notes.yaml");
    let fixtures = folder.path().join("fixtures/notes");
    fuzz("rules", &texts(&[RULES, items]), &words, |input| {
        let is_rules = input.windows(6).any(|part| part == b"rules:");
        let name = if is_rules { "rules" } else { "notes" };
        folder.write("fixtures/notes/notes.yaml", items);
        folder.write(&format!("fixtures/notes/{name}.yaml"), input);
        let loaded = Contract::load(&path, Some(&fixtures));
        let _ = std::fs::remove_file(fixtures.join("rules.yaml"));
        match loaded {
            Ok(contract) => {
                asked(&contract);
                let request = Request::new(Method::PATCH, "/notes/a").with_body(patch);
                let field = counterpart::wire::header::CONTENT_TYPE;
                contract.answer(request.with_header(field, "application/merge-patch+json"));
            }
            Err(errors) => assert!(errors.to_string().contains("notes"), "{errors}"),
        }
    });
}
