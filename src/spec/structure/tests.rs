use super::{Severity, Version, check_structure};
use crate::spec::Source;
use std::sync::Arc;

/// What is found in a document, a line each: its severity but for errors, place, message and help.
fn found(head: &str, text: &str) -> String {
    let lines = head.matches('\n').count();
    let source = Arc::new(Source::new("", format!("{head}{text}")));
    let root = source.parse().unwrap_or_else(|error| panic!("{error}"));
    let tree = source.tree().unwrap_or_else(|error| panic!("{error}"));
    let version = Version::of(tree.root()).unwrap_or_else(|_| panic!("no version: {text}"));
    let told = check_structure(&root, version)
        .flaws
        .into_iter()
        .map(|flaw| {
            let kind = match flaw.severity {
                Severity::Error => "",
                Severity::Warning => "warning ",
                Severity::Note => "note ",
            };
            let error = flaw.into_error(&source);
            let (line, column) = source.position(&error.place);
            let help = error
                .help
                .map_or(String::new(), |help| format!(" ({help})"));
            // Lines count from the end of what every document starts with.
            format!(
                "{kind}{}:{column}: {}{help}",
                line as i64 - lines as i64,
                error.message
            )
        });
    told.collect::<Vec<_>>().join("\n")
}

const V20: &str = "swagger: '2.0'\ninfo: {title: T, version: '1'}\n";
const V30: &str = "openapi: 3.0.4\ninfo: {title: T, version: '1'}\n";
const V31: &str = "openapi: 3.1.1\ninfo: {title: T, version: '1'}\n";
const V32: &str = "openapi: 3.2.0\ninfo: {title: T, version: '1'}\n";

/// Documents with one fault each, and what is told of it.
fn each(cases: &[(&str, &str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter(|(head, text, expected)| found(head, text) != *expected)
        .map(|(head, text, expected)| {
            format!("{text}\n  is {}\n not {expected}", found(head, text))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
#[rustfmt::skip]
fn the_document_its_servers_tags_and_paths_are_held_against_the_specification() {
    each(&[
        (V30, "tags: []\n",
         "-1:1: a document needs `paths`"),
        (V31, "tags: []\n",
         "-1:1: a document needs `paths`, `webhooks` or `components`"),
        (V30, "paths: []\n",
         "1:8: an object is expected here, this is a list"),
        (V30, "paths: {}\nserver: []\n",
         "2:1: `server` is no member of a document (did you mean `servers`?)"),
        (V30, "paths: {}\nwebhooks: {}\n",
         "2:1: `webhooks` is no member of a document (OpenAPI 3.1 has it)"),
        (V30, "paths: {}\nfoo: 1\n",
         "2:1: `foo` is no member of a document"),
        (V30, "paths: {}\ntags: [{name: a}, {name: a}]\n",
         "2:1: the tag `a` is declared twice"),
        (V30, "paths: {}\ntags: [{}]\n",
         "2:8: a tag needs `name`"),
        (V30, "paths: {}\nexternalDocs: {description: d}\n",
         "2:1: external documentation needs `url`"),
        (V31, "paths: {}\nservers: [{url: '{a}', variables: {a: {enum: [b], default: c}}}]\n",
         "2:60: the default is none of the `enum`"),
        (V30, "paths: {}\nservers: [{url: '{a}', variables: {a: {enum: [b], default: c}}}]\n",
         "warning 2:60: the default is none of the `enum`"),
        (V30, "paths: {}\nservers: [{url: '/{a}'}]\n",
         "2:17: the variable `a` is not declared"),
        (V30, "paths: {}\nservers: [{url: '/{a'}]\n",
         "2:17: the braces of this URL don't pair"),
        (V30, "paths: {}\nsecurity: [{a: b}]\n",
         "2:16: a list is expected here, this is a text"),
        (V30, "paths: {a: {}}\n",
         "1:9: the path `a` isn't served: a path starts with /"),
        (V30, "paths: {/a#b: {}}\n",
         "warning 1:9: no request can meet this path: what follows ? or # is no part of one"),
        (V30, "paths: {/a: {gte: {}}}\n",
         "1:14: `gte` is no member of a path item"),
        (V31, "paths: {/a: {query: {}}}\n",
         "1:14: `query` is no member of a path item (OpenAPI 3.2 has it)"),
        (V32, "paths: {/a: {additionalOperations: {POST: {}}}}\n",
         "1:37: `POST` has a member of its own, `post`"),
        (V31, "paths: {/a: {get: {tags: a}}}\n",
         "1:26: a list is expected here, this is a text"),
        (V31, "paths: {/a: {get: {deprecated: no}}}\n",
         "1:32: true or false is expected here, this is a text\nnote 1:20: `deprecated` changes nothing: what is deprecated is served like all else"),
        (V31, "paths: {/a: {get: {responses: {}}}}\n",
         "1:20: at least one response is documented"),
        (V31, "paths: {/a: {get: {responses: {1XX: {description: A}}}}}\n",
         "warning 1:20: no response is documented that a request comes to in the end: after 1xx another follows, which is answered as 200 without a body"),
        (V31, "paths: {/a: {get: {responses: {100: {description: A}, 4XX: {description: B}}}}}\n",
         ""),
        (V31, "paths: {/a: {get: {responses: {20X: {description: A}}}}}\n",
         "1:32: `20X` is no status: a code from 100 to 599, a range like 4XX, or default"),
        (V31, "paths: {/a: {get: {responses: {4xx: {description: A}}}}}\n",
         "1:32: `4xx` is no status: a code from 100 to 599, a range like 4XX, or default (did you mean `4XX`?)"),
        (V31, "paths: {/a: {get: {$ref: 'a.yaml'}}}\n",
         "1:20: a `$ref` can't stand for an operation"),
        (V31, "paths: {$ref: 'a.yaml'}\n",
         "1:9: a `$ref` can't stand for these members"),
        (V31, "paths: {/a: {get: {responses: {200: {}}}}}\n",
         "1:32: a response needs `description`"),
        (V31, "paths: {/a: {get: {operationId: x}, put: {operationId: x}}}\n",
         "1:56: the operationId `x` is that of GET /a too"),
        (V31, "paths: {'/{a}': {get: {}}}\n",
         "1:18: GET /{a} declares no path parameter `a`"),
        (V31, "paths: {/a: {parameters: [{name: a, in: path, required: true, schema: {}}]}}\n",
         "1:34: the path /a has no `{a}`"),
        (V31, "paths: {/a: {$ref: '#/components/pathItems/a'}}\n",
         "1:20: there is nothing at `#/components/pathItems/a`"),
        (V31, "paths: {}\ncomponents: {schemas: {W: {$id: 'https://a.test/w', $ref: '#/$defs/p', $defs: {p: {}}}}}\n",
         ""),
        (V31, "paths: {}\ncomponents: {schemas: {W: {$id: 'https://a.test/w', $ref: '#/components/schemas/W'}}}\n",
         "2:59: there is nothing at `#/components/schemas/W`"),
        (V30, "paths: {}\ncomponents: {schemas: {W: {allOf: [{$ref: '#/$defs/p'}]}}}\n",
         "2:43: there is nothing at `#/$defs/p`"),
        (V31, "paths: {'/{a}': {}, '/{b}': {}, '/{b}/c': {}, '/{a}:c': {}}\n",
         "1:21: /{b} is the same path as /{a}, with other names"),
    ]);
}

#[test]
#[rustfmt::skip]
fn parameters_bodies_and_headers_are_held_against_the_specification() {
    each(&[
        (V31, "components: {parameters: {a: {in: query, schema: {}}}}\n",
         "1:27: a parameter needs `name`"),
        (V31, "components: {parameters: {a: {name: a, in: body, schema: {}}}}\n",
         "1:44: this is one of query, header, path, cookie, not `body`"),
        (V31, "components: {parameters: {a: {name: a, in: querystring, content: {a/b: {}}}}}\n",
         "1:44: this is one of query, header, path, cookie, not `querystring` (OpenAPI 3.2 has it)\nnote 1:67: bodies of `a/b` are taken as they are"),
        (V31, "components: {parameters: {a: {name: a, in: query}}}\n",
         "1:27: a parameter needs `schema` or `content`"),
        (V31, "components: {parameters: {a: {name: a, in: query, schema: {}, content: {a/json: {}}}}}\n",
         "1:63: `schema` and `content` exclude each other"),
        (V31, "components: {parameters: {a: {name: a, in: query, content: {}}}}\n",
         "1:51: this `content` has exactly one media type"),
        (V31, "components: {parameters: {a: {name: a, in: query, schema: {}, example: 1, examples: {}}}}\n",
         "1:75: `example` and `examples` exclude each other"),
        (V31, "components: {parameters: {a: {name: a, in: path, schema: {}}}}\n",
         "1:27: a path parameter says `required: true`"),
        (V31, "components: {parameters: {a: {name: '{a}', in: path, required: true, schema: {}}}}\n",
         "1:37: the name of a path parameter stands without its braces"),
        (V31, "components: {parameters: {a: {name: a b, in: header, schema: {}}}}\n",
         "1:37: `a b` is no name of a header field"),
        (V31, "components: {parameters: {a: {name: Accept, in: header, schema: {}}}}\n",
         "warning 1:37: a header parameter `Accept` is ignored: OpenAPI has another place for it"),
        (V31, "components: {parameters: {a: {name: a, in: query, style: from, schema: {}}}}\n",
         "1:58: the style of a query parameter is form, spaceDelimited, pipeDelimited, deepObject, not `from` (did you mean `form`?)"),
        (V31, "components: {parameters: {a: {name: a, in: query, style: form, content: {a/json: {}}}}}\n",
         "1:51: `style` is for a `schema`: a `content` is written as its media type says"),
        (V32, "components: {parameters: {a: {name: a, in: cookie, style: cookie, schema: {}}}}\n",
         ""),
        (V31, "paths: {/a: {parameters: [{name: a, in: query, schema: {}}, {name: a, in: query, schema: {}}]}}\n",
         "1:14: the query parameter `a` stands here twice"),
        (V32, "paths: {/a: {parameters: [{name: a, in: query, schema: {}}, {name: b, in: querystring, content: {a/json: {}}}]}}\n",
         "1:14: a `querystring` parameter is the whole query: no other may stand beside it"),
        (V31, "components: {requestBodies: {a: {required: true}}}\n",
         "1:30: a request body needs `content`"),
        (V31, "components: {requestBodies: {a: {content: {json: {}}}}}\n",
         "1:44: `json` is no media type: one is like application/json"),
        (V31, "components: {requestBodies: {a: {content: {a/json: {examples: []}}}}}\n",
         "1:63: an object is expected here, this is a list"),
        (V31, "components: {requestBodies: {a: {content: {a/json: {examples: {$ref: '#/a'}}}}}}\n",
         "1:64: a `$ref` can't stand for these members"),
        (V30, "paths: {}\ncomponents: {requestBodies: {a: {content: {multipart/form-data: {schema: {properties: {foo: {}}}, encoding: {fooo: {}}}}}}}\n",
         "2:110: the schema has no property `fooo` to encode (did you mean `foo`?)"),
        (V31, "components: {requestBodies: {a: {content: {multipart/form-data: {schema: {properties: {foo: {}}}, encoding: {bar: {}}}}}}}\n",
         "warning 1:110: the schema has no property `bar` to encode"),
        (V30, "paths: {}\ncomponents: {requestBodies: {a: {content: {multipart/form-data: {schema: {properties: {foo: {}}, additionalProperties: {}}, encoding: {bar: {}}}}}}}\n",
         ""),
        (V30, "paths: {}\ncomponents: {requestBodies: {a: {content: {multipart/form-data: {schema: {properties: {foo: {}}, allOf: [{properties: {bar: {}}}]}, encoding: {bar: {}}}}}}}\n",
         ""),
        (V31, "components: {headers: {a: {name: a, schema: {}}}}\n",
         "1:28: `name` is no member of a header"),
        (V31, "components: {responses: {a: {description: A, headers: {a b: {schema: {}}}}}}\n",
         "1:56: `a b` is no name of a header field"),
        (V32, "components: {mediaTypes: {a: {encoding: {}, itemEncoding: {}}}}\n",
         "1:45: `encoding` and `itemEncoding` exclude each other"),
        (V32, "components: {requestBodies: {a: {content: {multipart/form-data: {itemEncoding: {encoding: {}}}}}}}\n",
         "note 1:81: encodings within an encoding aren't looked at: a part that has parts is taken as it is\nnote 1:44: `prefixEncoding` and `itemEncoding` aren't looked at: the parts of a form go by name"),
    ]);
}

#[test]
#[rustfmt::skip]
fn the_other_components_are_held_against_the_specification() {
    each(&[
        (V31, "components: {schema: {}}\n",
         "1:14: `schema` is no member of the components (did you mean `schemas`?)"),
        (V31, "components: {schemas: {a b: {}}}\n",
         "1:24: `a b` is no name of a component: letters, digits, `.`, `-` and `_` make one"),
        (V31, "components: {examples: {a: {value: 1, externalValue: b}}}\n",
         "1:39: `value` and `externalValue` exclude each other\nnote 1:39: an `externalValue` isn't fetched from the network: only a file that references may reach is sent"),
        (V32, "components: {examples: {a: {value: 1, dataValue: 1}}}\n",
         "1:39: `value` and `dataValue` exclude each other"),
        (V31, "components: {links: {a: {}}}\n",
         "1:22: a link needs `operationRef` or `operationId`"),
        (V31, "components: {links: {a: {operationId: a, operationRef: b}}}\n",
         "1:26: `operationRef` and `operationId` exclude each other"),
        (V31, "components: {callbacks: {a: {b: {post: {response: {}}}}}}\n",
         "1:41: `response` is no member of an operation (did you mean `responses`?)"),
        (V30, "paths: {}\ncomponents: {securitySchemes: {a: {type: mutualTLS}}}\n",
         "2:42: this is one of apiKey, http, oauth2, openIdConnect, not `mutualTLS` (OpenAPI 3.1 has it)\nnote 2:42: client certificates are verified where `--tls-client-ca` says who vouches for them; else what `Client-Cert` says is taken"),
        (V31, "components: {securitySchemes: {a: {type: apikey}}}\n",
         "1:42: this is one of apiKey, http, oauth2, openIdConnect, mutualTLS, not `apikey` (did you mean `apiKey`?)"),
        (V31, "components: {securitySchemes: {a: {type: apiKey, name: a}}}\n",
         "1:32: a security scheme of the type apiKey needs `in`"),
        (V31, "components: {securitySchemes: {a: {type: apiKey, name: a, in: header, scheme: bearer}}}\n",
         "warning 1:71: `scheme` has no effect: it is for a security scheme of the type http"),
        (V31, "components: {securitySchemes: {a: {type: oauth2, flows: {implicit: {scopes: {}}}}}}\n",
         "1:58: an implicit flow needs `authorizationUrl`"),
        (V31, "components: {securitySchemes: {a: {type: oauth2, flows: {deviceAuthorization: {}}}}}\n",
         "1:58: `deviceAuthorization` is no member of the flows of OAuth (OpenAPI 3.2 has it)"),
        (V31, "components: {responses: {a: {$ref: '#/components/nothing/a'}}}\n",
         "1:36: there is nothing at `#/components/nothing/a`"),
        (V31, "components: {responses: {a: {$ref: '#/components/schemas/a'}}, schemas: {a: {}}}\n",
         "1:36: a response is expected here, and `#/components/schemas/a` is one of `schemas`"),
        (V31, "components: {responses: {a: {$ref: 1}}}\n",
         "1:36: a `$ref` is a text, this is 1"),
        (V31, "components: {responses: {a: {$ref: '#a'}}}\n",
         "1:36: `#a` is no reference: a JSON Pointer follows #"),
        (V31, "components: {responses: {a: {$ref: other.yaml, description: A, content: {}}}}\n",
         "warning 1:64: `content` is ignored beside a `$ref`"),
    ]);
}

#[test]
#[rustfmt::skip]
fn schemas_of_3_1_and_later_are_held_against_the_specification() {
    each(&[
        (V31, "components: {schemas: {a: []}}\n",
         "1:27: an object is expected here, this is a list"),
        (V31, "components: {schemas: {a: {type: strng}}}\n",
         "1:34: `strng` is no type of JSON Schema (did you mean `string`?)"),
        (V31, "components: {schemas: {a: {type: [string, nul]}}}\n",
         "1:43: `nul` is no type of JSON Schema (did you mean `null`?)"),
        (V31, "components: {schemas: {a: {type: [string, null]}}}\n",
         "1:43: a type's name is expected here, this is null (write \"null\" in quotes)"),
        (V31, "components: {schemas: {a: {nullable: true, type: string}}}\n",
         "warning 1:28: `nullable` is no keyword of OpenAPI 3.1: OpenAPI 3.0 has it (a list of types lets a value be null: `[string, 'null']`)"),
        (V31, "components: {schemas: {a: {minLength: -1}}}\n",
         "1:39: a whole number, 0 or more, is expected here, this is -1"),
        (V31, "components: {schemas: {a: {minLength: '1'}}}\n",
         "1:39: a whole number, 0 or more, is expected here, this is a text"),
        (V31, "components: {schemas: {a: {multipleOf: 0}}}\n",
         "1:40: a number above 0 is expected here, this is 0"),
        (V31, "components: {schemas: {a: {exclusiveMinimum: true}}}\n",
         "1:46: a number is expected here, this is true"),
        (V31, "components: {schemas: {a: {minimum: 2, maximum: 1}}}\n",
         "warning 1:49: no value is within `minimum` 2 and `maximum` 1"),
        (V31, "components: {schemas: {a: {required: a}}}\n",
         "1:38: a list is expected here, this is a text"),
        (V31, "components: {schemas: {a: {required: [a, a]}}}\n",
         "1:38: `a` is required twice"),
        (V31, "components: {schemas: {a: {enum: [1, 1]}}}\n",
         "warning 1:34: 1 stands in the `enum` twice"),
        (V31, "components: {schemas: {a: {oneOf: []}}}\n",
         "1:35: this list needs an item"),
        (V31, "components: {schemas: {a: {properties: {b: 1}}}}\n",
         "1:44: an object is expected here, this is 1"),
        (V31, "components: {schemas: {a: {propertes: {}}}}\n",
         "warning 1:28: `propertes` is no keyword of schemas (did you mean `properties`?)"),
        (V31, "components: {schemas: {a: {then: {}}}}\n",
         "warning 1:28: `then` has no effect without `if`"),
        (V31, "components: {schemas: {a: {readOnly: true, writeOnly: true}}}\n",
         "warning 1:44: `readOnly` and `writeOnly` exclude each other"),
        (V31, "components: {schemas: {a: {$ref: '#/components/schemas/b', type: string}}}\n",
         "1:34: there is nothing at `#/components/schemas/b`"),
        (V32, "components: {schemas: {a: {xml: {nodeType: elment}}}}\n",
         "1:44: this is one of element, attribute, text, cdata, none, not `elment` (did you mean `element`?)"),
    ]);
}

#[test]
#[rustfmt::skip]
fn schemas_of_3_0_are_held_against_the_specification() {
    each(&[
        (V30, "paths: {}\ncomponents: {schemas: {a: true}}\n",
         "2:27: an object is expected here, this is true"),
        (V30, "paths: {}\ncomponents: {schemas: {a: {type: 'null'}}}\n",
         "2:34: OpenAPI 3.0 has no type `null` (`nullable: true` lets a value be null)"),
        (V30, "paths: {}\ncomponents: {schemas: {a: {type: [string]}}}\n",
         "2:34: `type` is one text; lists of types are for OpenAPI 3.1"),
        (V30, "paths: {}\ncomponents: {schemas: {a: {type: array}}}\n",
         "2:24: a schema of the type array needs `items`"),
        (V30, "paths: {}\ncomponents: {schemas: {a: {const: 1}}}\n",
         "warning 2:28: `const` is no keyword of OpenAPI 3.0: OpenAPI 3.1 has it"),
        (V30, "paths: {}\ncomponents: {schemas: {a: {exclusiveMinimum: 1}}}\n",
         "2:46: true or false is expected here, this is 1"),
        (V30, "paths: {}\ncomponents: {schemas: {a: {nullable: true}}}\n",
         "warning 2:28: `nullable` needs a `type` beside it: others may not take null here"),
        (V30, "paths: {}\ncomponents: {schemas: {a: {type: string, nullable: true, enum: [a]}}}\n",
         "warning 2:42: others may not take null here: `enum` has no null"),
        (V30, "paths: {}\ncomponents: {schemas: {a: {type: string, nullable: true, enum: [a, null]}}}\n",
         ""),
        (V30, "paths: {}\ncomponents: {schemas: {a: {required: []}}}\n",
         "2:38: this list needs an item"),
        (V30, "paths: {}\ncomponents: {schemas: {a: {$ref: '#/components/schemas/b', nullable: true}, b: {}}}\n",
         "warning 2:60: `nullable` is ignored beside a `$ref` (put the `$ref` into an `allOf`)"),
    ]);
}

#[test]
#[rustfmt::skip]
fn swagger_2_0_is_held_against_its_specification() {
    each(&[
        (V20, "basePath: /a\n",
         "-1:1: a document needs `paths`"),
        (V20, "paths: {}\nservers: []\n",
         "2:1: `servers` is no member of a document"),
        (V20, "paths: {/a: {get: {}}}\n",
         "1:14: an operation needs `responses`"),
        (V20, "paths: {/a: {get: {responses: {2XX: {description: A}}}}}\n",
         "1:32: `2XX` is no status: a code from 100 to 599, or default"),
        (V20, "paths: {}\nparameters: {a: {name: a, in: query}}\n",
         "2:14: a `type` is needed here"),
        (V20, "paths: {}\nparameters: {a: {name: Accept, in: header, type: string}}\n",
         "note 2:24: a header parameter `Accept` isn't asked for: `produces` decides"),
        (V20, "paths: {}\nparameters: {a: {name: a, in: body}}\n",
         "2:14: a body parameter needs `schema`"),
        (V20, "paths: {}\nparameters: {a: {name: a, in: query, schema: {}, type: string}}\n",
         "2:38: `schema` is for a body parameter alone"),
        (V20, "paths: {}\nparameters: {a: {name: a, in: query, type: array}}\n",
         "2:14: a value of the type array needs `items`"),
        (V20, "paths: {}\ndefinitions: {a: {type: [string, 'null']}, b: {type: 'null'}, c: {type: array}}\n",
         ""),
        (V20, "paths: {}\nparameters: {a: {name: a, in: query, type: object}}\n",
         "2:44: this is one of string, number, integer, boolean, array, file, not `object`"),
        (V20, "paths: {}\nparameters: {a: {name: a, in: cookie, type: string}}\n",
         "2:31: this is one of query, header, path, formData, body, not `cookie`"),
        (V20, "paths: {}\nparameters: {a: {name: a, in: header, type: array, items: {type: string}, collectionFormat: multi}}\n",
         "2:93: `multi` is for parameters in `query` or `formData` alone"),
        (V20, "paths: {}\nparameters: {a: {name: a, in: query, type: array, items: {type: array, items: {type: string}, collectionFormat: multi}, collectionFormat: multi}}\n",
         "2:113: `multi` is for parameters in `query` or `formData` alone"),
        (V20, "paths: {}\nparameters: {a: {name: a, in: body, schema: {type: file}}}\n",
         "2:52: a file is `formData`"),
        (V20, "paths: {/a: {parameters: [{name: a, in: body, schema: {}}], post: {parameters: [{name: b, in: formData, type: string}], responses: {200: {description: A}}}}}\n",
         "1:61: with the parameters of the path: a body is there once, and not beside `formData`"),
        (V20, "paths: {/a: {parameters: [{name: a, in: body, schema: {}}], post: {parameters: [{name: a, in: body, schema: {}}], responses: {200: {description: A}}}}}\n",
         ""),
        (V20, "paths: {/a: {post: {consumes: [image/png], parameters: [{name: a, in: formData, type: file}], responses: {200: {description: A}}}}}\nconsumes: [multipart/form-data]\n",
         "1:14: a file needs `consumes` to be multipart/form-data or application/x-www-form-urlencoded"),
        (V20, "paths: {/a: {post: {parameters: [{name: a, in: formData, type: file}], responses: {200: {description: A}}}}}\nconsumes: [multipart/vnd.a+form-data;version=1]\n",
         ""),
        (V20, "paths: {/a: {$ref: '#/definitions/a'}}\ndefinitions: {a: {}}\n",
         "1:20: a path item is expected here, and `#/definitions/a` is one of `definitions`"),
        (V20, "paths: {'/{a}': {get: {responses: {200: {description: A}}}}}\n",
         "1:18: GET /{a} declares no path parameter `a`"),
        (V20, "paths: {}\nsecurityDefinitions: {a: {type: oauth2, flow: implicit, scopes: {}}}\n",
         "2:23: a security scheme of the type oauth2 needs `authorizationUrl`"),
        (V20, "paths: {}\ndefinitions: {a: {oneOf: [{}]}}\n",
         "warning 2:19: `oneOf` is no keyword of Swagger 2.0: OpenAPI 3.0 has it"),
        (V20, "paths: {}\nresponses: {a: {description: A, schema: {$ref: '#/definitions/b'}}}\n",
         "2:48: there is nothing at `#/definitions/b`"),
    ]);
}

#[test]
fn what_isnt_enforced_is_told_once_with_its_first_place_and_count() {
    let text = "paths:\n  /a:\n    get:\n      deprecated: true\n      responses:\n        '200':\n          \
        description: A\n          links: {next: {operationId: a}}\n          content:\n            \
        image/png: {}\n            application/json:\n              schema:\n                \
        properties:\n                  a: {type: string, format: phone}\n                  \
        b: {type: string, format: phone, contentEncoding: base64}\n                  \
        c: {deprecated: true, $schema: 'http://json-schema.org/draft-07/schema', foo: 1}\n                  \
        d: {oneOf: [true], discriminator: {propertyName: d}, xml: {name: d}}\n\
        webhooks: {w: {}}\ncomponents: {securitySchemes: {m: {type: mutualTLS}}}\n";
    insta::assert_snapshot!(found(V31, text), @"
    note 4:7: `deprecated` changes nothing: what is deprecated is served like all else
    note 8:11: links aren't followed, and nothing is judged by them
    note 10:13: bodies of `image/png` are taken as they are
    note 14:37: the format `phone` isn't known, and nothing is judged by it (2 times)
    note 15:52: what a text holds (`contentMediaType`, `contentEncoding`, `contentSchema`) isn't judged
    note 16:92: the keyword `foo` isn't known
    note 19:42: client certificates are verified where `--tls-client-ca` says who vouches for them; else what `Client-Cert` says is taken
    ");
}

#[test]
fn extensions_examples_and_defaults_are_not_looked_at() {
    let text = "x-a: {paths: 1}\npaths:\n  x-b: 1\n  /a:\n    x-c: {get: 1}\n    get:\n      responses:\n        \
        x-d: 1\n        '200':\n          description: A\n          content:\n            application/json:\n              \
        schema: {x-e: 1, default: {type: strng, $ref: 1}, enum: [{$ref: '#/nowhere'}]}\n              \
        example: {$ref: '#/nowhere', type: strng}\n";
    for head in [V30, V31, V32] {
        assert_eq!(found(head, text), "");
    }
}

#[test]
fn a_document_of_faults_alone_is_told_up_to_a_limit() {
    let paths: String = (0..6_000).map(|n| format!("  p{n}: {{}}\n")).collect();
    let found = found(V30, &format!("paths:\n{paths}"));
    assert_eq!(found.lines().count(), 5_000);
}
