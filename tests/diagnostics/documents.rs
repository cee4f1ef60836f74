//! Documents that are no YAML, no JSON, no OpenAPI, or say what can't be.

use super::{document, json};
use insta::assert_snapshot;

#[test]
fn yaml_that_is_none_is_told_at_its_place() {
    assert_snapshot!(
        document("
            openapi: 3.1.0
            info:
            →title: T
            "),
        @r"
        error: this is not YAML: a tab indents this line
         --> specs/api.yaml:3:1
          |
        3 |     title: T
          | ^^^^
          |
          = help: indent with spaces

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        document(r#"
            openapi: 3.1.0
            info:
              title: T
            →version: "1"
            "#),
        @r#"
        error: this is not YAML: a tab indents this line
         --> specs/api.yaml:4:1
          |
        4 |     version: "1"
          | ^^^^
          |
          = help: indent with spaces

        1 error; nothing is served
        "#
    );
    assert_snapshot!(
        document(r#"
            openapi: 3.1.0
            info:
                title: T
              version: "1"
            "#),
        @r#"
        error: this is not YAML: while parsing a block mapping, did not find expected key
         --> specs/api.yaml:4:3
          |
        4 |   version: "1"
          |   ^
          |
          = help: the keys of one mapping are indented alike

        1 error; nothing is served
        "#
    );
    assert_snapshot!(
        document(r#"
            openapi: 3.1.0
            info:
              title: T
               version: "1"
            "#),
        @r#"
        error: this is not YAML: mapping values are not allowed in this context
         --> specs/api.yaml:4:11
          |
        4 |    version: "1"
          |           ^
          |
          = help: a text with `: ` in it needs quotes; a key is indented like the keys beside it

        1 error; nothing is served
        "#
    );
    assert_snapshot!(
        document(r#"
            openapi: 3.1.0
            info:
              title: 'T
              version: "1"
            paths: {}
            "#),
        @r"
        error: this is not YAML: invalid indentation in multiline quoted scalar
         --> specs/api.yaml:3:10
          |
        3 |   title: 'T
          |          ^
          |
          = help: the text that this quote opens doesn't end, or its lines aren't indented

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        document(r#"
            openapi: 3.1.0
            info:
              title: "T
              version: 1
            paths: {}
            "#),
        @r#"
        error: this is not YAML: invalid indentation in multiline quoted scalar
         --> specs/api.yaml:3:10
          |
        3 |   title: "T
          |          ^
          |
          = help: the text that this quote opens doesn't end, or its lines aren't indented

        1 error; nothing is served
        "#
    );
    assert_snapshot!(
        document("
            openapi: 3.1.0
            info:
              title: Pets: the API
            "),
        @r"
        error: this is not YAML: mapping values are not allowed in this context
         --> specs/api.yaml:3:14
          |
        3 |   title: Pets: the API
          |              ^
          |
          = help: a text with `: ` in it needs quotes; a key is indented like the keys beside it

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        document(r#"
            openapi: 3.1.0
            info: {title: T, version: "1"
            paths: {}
            "#),
        @r"
        error: this is not YAML: while parsing a flow mapping, did not find expected ',' or '}'
         --> specs/api.yaml:3:1
          |
        3 | paths: {}
          | ^
          |
          = help: a `{` or `[` isn't closed, or a comma is missing

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        document(r#"
            openapi: 3.1.0
            info: {title: T, version: "1"}
            paths: *all
            "#),
        @r"
        error: this is not YAML: while parsing node, found unknown anchor
         --> specs/api.yaml:3:8
          |
        3 | paths: *all
          |        ^
          |
          = help: the anchor, `&name`, stands before its alias

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        document("
            openapi: 3.1.0
            info:
              title: @pets
            "),
        @r"
        error: this is not YAML: unexpected character: `@'
         --> specs/api.yaml:3:10
          |
        3 |   title: @pets
          |          ^
          |
          = help: a text that starts with this character needs quotes

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        document(r#"
            openapi: 3.1.0
            info:
              title: "Ünï" Café
            "#),
        @r#"
        error: this is not YAML: invalid trailing content after double-quoted scalar
         --> specs/api.yaml:3:16
          |
        3 |   title: "Ünï" Café
          |                ^
          |
          = help: quote the text as a whole, or not at all

        1 error; nothing is served
        "#
    );
    assert_snapshot!(
        document(r#"
            openapi: 3.1.0
            info:
              title: "C:\pets"
            "#),
        @r#"
        error: this is not YAML: while parsing a quoted scalar, found unknown escape character
         --> specs/api.yaml:3:13
          |
        3 |   title: "C:\pets"
          |             ^
          |
          = help: in double quotes a backslash is written twice, in single quotes once

        1 error; nothing is served
        "#
    );
}

#[test]
fn yaml_that_says_something_twice_is_told_at_the_second() {
    assert_snapshot!(
        document(r#"
            openapi: 3.1.0
            info:
              title: T
              version: "1"
              title: U
            paths: {}
            "#),
        @r"
        error: the key `title` stands here a second time
         --> specs/api.yaml:5:3
          |
        5 |   title: U
          |   ^^^^^
          |
          = help: take one of the two away

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        document(r#"
            openapi: 3.1.0
            info: {title: T, version: "1"}
            ---
            openapi: 3.1.0
            "#),
        @r"
        error: a second YAML document starts here; one is read
         --> specs/api.yaml:3:1
          |
        3 | ---
          | ^^^

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        document("
            openapi: 3.1.0␍
            info:␍
              title: T␍
              title: U␍
            "),
        @r"
        error: the key `title` stands here a second time
         --> specs/api.yaml:4:3
          |
        4 |   title: U
          |   ^^^^^
          |
          = help: take one of the two away

        1 error; nothing is served
        "
    );
}

#[test]
fn json_that_is_none_is_told_at_its_place() {
    assert_snapshot!(
        json(r#"
            {
              "openapi": "3.1.0",
              "info": {"title": "T", "version": "1",},
              "paths": {}
            }
            "#),
        @r#"
    error: this is not JSON: a key is expected here
     --> specs/api.json:3:41
      |
    3 |   "info": {"title": "T", "version": "1",},
      |                                         ^
      |
      = help: no comma stands before a closing bracket

    1 error; nothing is served
    "#
    );
    assert_snapshot!(
        json(r#"
            {
              "openapi": "3.1.0"
              "info": {}
            }
            "#),
        @r#"
    error: this is not JSON: `,` or `}` is expected here
     --> specs/api.json:3:3
      |
    3 |   "info": {}
      |   ^
      |
      = help: a comma is missing before this

    1 error; nothing is served
    "#
    );
    assert_snapshot!(
        json(r#"{"openapi": "3.1.0""#),
        @r#"
        error: this is not JSON: it ends within an object
         --> specs/api.json:1:20
          |
        1 | {"openapi": "3.1.0"
          |                    ^
          |
          = help: a bracket or a quote isn't closed

        1 error; nothing is served
        "#
    );
    assert_snapshot!(
        json(r#"{"title": "Ünï", "a": x}"#),
        @r#"
    error: this is not JSON: a value is expected here
     --> specs/api.json:1:23
      |
    1 | {"title": "Ünï", "a": x}
      |                       ^
      |
      = help: texts stand in double quotes

    1 error; nothing is served
    "#
    );
    assert_snapshot!(
        json(r#"{"openapi": "3.1.0", "info": {"title": "T", "version": "1", "title": "U"}}"#),
        @r#"
        error: the key `title` stands here a second time
         --> specs/api.json:1:61
          |
        1 | {"openapi": "3.1.0", "info": {"title": "T", "version": "1", "title": "U"}}
          |                                                             ^^^^^^^
          |
          = help: take one of the two away

        1 error; nothing is served
        "#
    );
}

#[test]
fn what_is_no_openapi_document_is_told() {
    assert_snapshot!(
        document("
            name: pets
            services: []
            "),
        @r"
        error: this is no OpenAPI document: it has no `openapi` member
         --> specs/api.yaml:1:1
          |
        1 | name: pets
          | ^^^^^^^^^^

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        document("- openapi: 3.1.0"),
        @r"
        error: this is no OpenAPI document: it has no `openapi` member
         --> specs/api.yaml:1:1
          |
        1 | - openapi: 3.1.0
          | ^^^^^^^^^^^^^^^^

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        document(""),
        @r"
        error: this is no OpenAPI document: it has no `openapi` member
         --> specs/api.yaml:1:1
          |
        1 |
          | ^

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        document(r#"
            swagger: "1.2"
            info: {title: T, version: "1"}
            paths: {}
            "#),
        @r#"
    error: swagger 1.2 is not read; swagger 2.0 and openapi 3.0 to 3.2 are
     --> specs/api.yaml:1:10
      |
    1 | swagger: "1.2"
      |          ^^^^^

    1 error; nothing is served
    "#
    );
    assert_snapshot!(
        document(r#"
            openapi: 4.0.0
            info: {title: T, version: "1"}
            paths: {}
            "#),
        @"
    error: openapi 4.0.0 is not read; swagger 2.0 and openapi 3.0 to 3.2 are
     --> specs/api.yaml:1:10
      |
    1 | openapi: 4.0.0
      |          ^^^^^

    1 error; nothing is served
    "
    );
    assert_snapshot!(
        document(r#"
            openapi: [3, 1]
            info: {title: T, version: "1"}
            paths: {}
            "#),
        @"
    error: `openapi` is a text
     --> specs/api.yaml:1:10
      |
    1 | openapi: [3, 1]
      |          ^^^^^^

    1 error; nothing is served
    "
    );
    assert_snapshot!(
        document("
            openapi: 3.1.0
            info: {title: T}
            paths: {}
            "),
        @"
    error: `info` needs a `version`, a text
     --> specs/api.yaml:2:7
      |
    2 | info: {title: T}
      |       ^^^^^^^^^^

    1 error; nothing is served
    "
    );
    assert_snapshot!(
        document("
            openapi: 3.1.0
            info: {title: T, version: [1]}
            paths: {}
            "),
        @"
    error: `info` needs a `version`, a text
     --> specs/api.yaml:2:7
      |
    2 | info: {title: T, version: [1]}
      |       ^^^^^^^^^^^^^^^^^^^^^^^^

    1 error; nothing is served
    "
    );
    assert_snapshot!(
        document("
            openapi: 3.1.0
            paths: {}
            "),
        @"
    error: the document has no `info`
     --> specs/api.yaml:1:1
      |
    1 | openapi: 3.1.0
      | ^^^^^^^^^^^^^^

    1 error; nothing is served
    "
    );
}

#[test]
fn a_reference_to_nothing_is_told_where_it_is_made() {
    assert_snapshot!(
        document("
            openapi: 3.1.0
            info: {title: T, version: '1'}
            paths:
              /x:
                get:
                  parameters:
                    - $ref: '#/components/parameters/Limit'
                  responses: {'200': {description: A}}
                put:
                  requestBody:
                    content:
                      application/json:
                        schema:
                          $ref: '#/components/schemas/Pet'
                  responses: {'200': {$ref: '#/components/responses/Pet'}}
                post:
                  parameters:
                    - $ref: other.yaml#/Limit
                  responses: {'200': {description: A}}
            "),
        @"
    error: there is nothing at `#/components/parameters/Limit`
     --> specs/api.yaml:7:17
      |
    7 |         - $ref: '#/components/parameters/Limit'
      |                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    error: there is nothing at `#/components/responses/Pet`
      --> specs/api.yaml:15:33
       |
    15 |       responses: {'200': {$ref: '#/components/responses/Pet'}}
       |                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    error: `other.yaml` is not there
      --> specs/api.yaml:18:17
       |
    18 |         - $ref: other.yaml#/Limit
       |                 ^^^^^^^^^^^^^^^^^

    3 errors; nothing is served
    "
    );
    assert_snapshot!(
        json(r##"
            {"openapi": "3.1.0", "info": {"title": "\ud83d\ude00", "version": "1"}, "paths": {
              "/x": {"get": {"responses": {
                "200": {"$ref": "#/components/responses/Pet"}}}}}}
            "##),
        @r##"
        error: there is nothing at `#/components/responses/Pet`
         --> specs/api.json:3:21
          |
        3 |     "200": {"$ref": "#/components/responses/Pet"}}}}}}
          |                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^

        1 error; nothing is served
        "##
    );
    assert_snapshot!(
        document("
            openapi: 3.1.0
            info: {title: T, version: '1'}
            paths:
              /x:
                get:
                  responses:
                    '200': {$ref: '#/components/responses/A'}
            components:
              responses:
                A: {$ref: '#/components/responses/B'}
                B: {$ref: '#/components/responses/A'}
            "),
        @r"
        error: these references lead in a circle
          --> specs/api.yaml:11:8
           |
        11 |     B: {$ref: '#/components/responses/A'}
           |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

        1 error; nothing is served
        "
    );
}

#[test]
fn an_unknown_security_scheme_is_told_once() {
    assert_snapshot!(
        document("
            openapi: 3.1.0
            info: {title: T, version: '1'}
            security:
              - apiKey: []
            paths:
              /x:
                get: {responses: {'200': {description: A}}}
                put: {responses: {'200': {description: A}}}
            "),
        @r"
        error: there is no security scheme `apiKey`: it is not asked for
         --> specs/api.yaml:4:13
          |
        4 |   - apiKey: []
          |             ^^

        1 error; nothing is served
        "
    );
}

#[test]
fn a_bad_parameter_is_told_in_either_version() {
    assert_snapshot!(
        document("
            openapi: 3.1.0
            info: {title: T, version: '1'}
            paths:
              /x/{id}:
                get:
                  parameters:
                    - {name: id, in: paht, required: true, schema: {type: string}}
                  responses: {'200': {description: A}}
                put:
                  parameters:
                    - {in: query, schema: {type: string}}
                  responses: {'200': {description: A}}
                post:
                  parameters:
                    - name: q
                      in: query
                      style: deepobject
                      schema: {type: string}
                  responses: {'200': {description: A}}
            "),
        @r"
        error: a parameter is in path, query, header or cookie, not in `paht`
         --> specs/api.yaml:7:26
          |
        7 |         - {name: id, in: paht, required: true, schema: {type: string}}
          |                          ^^^^

        error: `name` is missing
          --> specs/api.yaml:11:11
           |
        11 |         - {in: query, schema: {type: string}}
           |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

        error: a query parameter has no style `deepobject`: its default is taken
          --> specs/api.yaml:17:18
           |
        17 |           style: deepobject
           |                  ^^^^^^^^^^

        error: POST /x/{id} declares no path parameter `id`
          --> specs/api.yaml:13:5
           |
        13 |     post:
           |     ^^^^

        4 errors; nothing is served
        "
    );
    assert_snapshot!(
        document("
            openapi: 3.0.3
            info: {title: T, version: '1'}
            paths:
              /x/{id}:
                get:
                  parameters:
                    - {name: id, in: paht, required: true, schema: {type: string}}
                  responses: {'200': {description: A}}
                put:
                  parameters:
                    - {in: query, schema: {type: string}}
                  responses: {'200': {description: A}}
                post:
                  parameters:
                    - name: q
                      in: query
                      style: deepobject
                      schema: {type: string}
                  responses: {'200': {description: A}}
            "),
        @r"
        error: a parameter is in path, query, header or cookie, not in `paht`
         --> specs/api.yaml:7:26
          |
        7 |         - {name: id, in: paht, required: true, schema: {type: string}}
          |                          ^^^^

        error: `name` is missing
          --> specs/api.yaml:11:11
           |
        11 |         - {in: query, schema: {type: string}}
           |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

        error: a query parameter has no style `deepobject`: its default is taken
          --> specs/api.yaml:17:18
           |
        17 |           style: deepobject
           |                  ^^^^^^^^^^

        error: POST /x/{id} declares no path parameter `id`
          --> specs/api.yaml:13:5
           |
        13 |     post:
           |     ^^^^

        4 errors; nothing is served
        "
    );
}

#[test]
fn a_schema_that_cannot_be_used_is_told() {
    assert_snapshot!(
        document("
            openapi: 3.1.0
            info: {title: T, version: '1'}
            paths:
              /x:
                get:
                  parameters:
                    - {name: q, in: query, schema: {type: string, pattern: '^[a-z'}}
                  responses:
                    '200':
                      description: A
                      content:
                        application/json:
                          schema: {$ref: '#/components/schemas/Pet'}
            components:
              schemas:
                Pet:
                  type: object
                  properties:
                    name: {type: strin}
            "),
        @r#"
    error: "^[a-z" is no regular expression
     --> specs/api.yaml:7:64
      |
    7 |         - {name: q, in: query, schema: {type: string, pattern: '^[a-z'}}
      |                                                                ^^^^^^^

    error: "strin" is no type of JSON Schema
      --> specs/api.yaml:19:22
       |
    19 |         name: {type: strin}
       |                      ^^^^^

    2 errors; nothing is served
    "#
    );
}

#[test]
fn a_path_that_is_given_twice_or_is_none_is_told() {
    assert_snapshot!(
        document(r#"
            openapi: 3.1.0
            info: {title: T, version: '1'}
            paths:
              /x/{id}:
                get: {responses: {'200': {description: A}}}
              /x/{name}:
                get: {responses: {'200': {description: A}}}
              /{a}{b}:
                get: {responses: {'200': {description: A}}}
              "/{a":
                get: {responses: {'200': {description: A}}}
            "#),
        @r#"
    error: `{b}` follows `{a}` with nothing between: where their schemas don't tell, the first takes one character
     --> specs/api.yaml:8:3
      |
    8 |   /{a}{b}:
      |   ^^^^^^^

    error: the braces of the path `/{a` don't pair
      --> specs/api.yaml:10:3
       |
    10 |   "/{a":
       |   ^^^^^

    error: GET /x/{name} is the same path as GET /x/{id}
     --> specs/api.yaml:6:3
      |
    6 |   /x/{name}:
      |   ^^^^^^^^^

    error: GET /x/{id} declares no path parameter `id`
     --> specs/api.yaml:5:5
      |
    5 |     get: {responses: {'200': {description: A}}}
      |     ^^^

    error: GET /x/{name} declares no path parameter `name`
     --> specs/api.yaml:7:5
      |
    7 |     get: {responses: {'200': {description: A}}}
      |     ^^^

    error: GET /{a}{b} declares no path parameter `a`
     --> specs/api.yaml:9:5
      |
    9 |     get: {responses: {'200': {description: A}}}
      |     ^^^

    error: GET /{a}{b} declares no path parameter `b`
     --> specs/api.yaml:9:5
      |
    9 |     get: {responses: {'200': {description: A}}}
      |     ^^^

    7 errors; nothing is served
    "#
    );
}
