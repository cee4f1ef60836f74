//! What schemas demand, told in words on the pages: every keyword, of requests and of replies.

use crate::docs::{site, words};

/// A document with one reply and one request body of a schema.
fn document(schema: &str) -> String {
    format!(
        "openapi: 3.1.0\ninfo: {{title: Shop, version: '1'}}\npaths:\n  /a:\n    post:\n      \
         operationId: post\n      requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}\n      \
         responses: {{'200': {{description: Done., content: {{application/json: {{schema: {schema}}}}}}}}}\n"
    )
}

/// What the reply's section says.
fn reply(schema: &str) -> String {
    let (_folder, files) = site(&document(schema));
    let page = &files["shop/post.html"];
    let (_, reply) = page.split_once("id=\"status-200\"").expect("a reply");
    let (reply, _) = reply.split_once("id=\"related\"").expect("an end");
    words(reply)
}

#[test]
fn lists_tell_their_places_and_what_they_contain() {
    let said = reply(
        "{type: array, prefixItems: [{type: string, description: The street.}, {type: integer, minimum: 1}], items: false}",
    );
    assert!(said.contains("item 1 string The street."), "{said}");
    assert!(said.contains("item 2 integer at least 1"), "{said}");
    assert!(said.contains("no further items"), "{said}");
    let said = reply("{type: array, prefixItems: [{type: string}], items: {type: boolean}}");
    assert!(said.contains("further items boolean"), "{said}");
    let said = reply(
        "{type: array, contains: {type: integer, minimum: 5}, minContains: 2, maxContains: 3}",
    );
    assert!(
        said.contains("2 to 3 of the items: integer, at least 5"),
        "{said}"
    );
    let said = reply("{type: array, contains: {const: a}}");
    assert!(said.contains("at least 1 of the items: always a"), "{said}");
}

#[test]
fn objects_tell_their_names_and_what_else_they_take() {
    let said = reply(
        "{type: object, minProperties: 2, propertyNames: {pattern: '^[a-z]+$', maxLength: 9}, \
         properties: {a: {type: string}}, patternProperties: {'^x-': {type: integer}}, additionalProperties: false}",
    );
    for part in [
        "at least 2 properties",
        "each name: at most 9 characters, matches ^[a-z]+$",
        "names that match /^x-/ integer",
        "no other properties",
    ] {
        assert!(said.contains(part), "{part:?} in {said}");
    }
    let said = reply(
        "{type: object, properties: {inner: {type: object, properties: {b: {type: string}}, additionalProperties: false}}}",
    );
    assert!(said.contains("inner object no other properties"), "{said}");
    let said = reply("{type: object, properties: {a: {type: string}, b: false}}");
    assert!(said.contains("b none: it is refused"), "{said}");
}

#[test]
fn what_ties_properties_together_is_told_of_replies_and_within_fields() {
    let schema = "{type: object, properties: {kind: {enum: [card, cash]}, number: {type: string}}, \
         if: {properties: {kind: {const: card}}}, then: {required: [number]}, else: {properties: {number: false}}, \
         dependentRequired: {number: [kind]}, dependentSchemas: {code: {required: [number]}}, \
         not: {required: [kind, code]}}";
    let expected = [
        "Where kind is always card , number is given.",
        "Otherwise number isn&#39;t given.",
        "Where number is given, kind must be too.",
        "Where code is given, number is given.",
        "It is refused where kind and code are given.",
    ];
    let plain = |said: String| said.replace("isn't", "isn&#39;t");
    let said = plain(reply(schema));
    for part in expected {
        assert!(said.contains(part), "{part:?} in {said}");
    }
    let said = plain(reply(&format!(
        "{{type: object, properties: {{payment: {schema}}}}}"
    )));
    for part in expected {
        assert!(said.contains(part), "{part:?} in {said}");
    }
    let (_folder, files) = site(&document(schema));
    assert!(files["shop/post.md"].contains("- Where `number` is given, `kind` must be too.\n"));
}

#[test]
fn texts_tell_what_they_hold_and_values_what_they_are() {
    let said = reply(
        "{type: string, contentEncoding: base64, contentMediaType: application/json, \
         contentSchema: {type: object, required: [id]}}",
    );
    assert!(
        said.contains("application/json, encoded as base64"),
        "{said}"
    );
    assert!(
        said.contains("what it holds: object, id is given"),
        "{said}"
    );
    let said = reply("{enum: [1, '1', 'true', null]}");
    assert!(
        said.contains("one of 1 , &quot;1&quot; , &quot;true&quot; , null"),
        "{said}"
    );
    let said = reply("{type: string, not: {enum: [admin, root]}}");
    assert!(said.contains("not: one of admin , root"), "{said}");
    // A schema within itself ends.
    reply("{not: {not: {not: {propertyNames: {contains: {type: string}}}}}}");
}
