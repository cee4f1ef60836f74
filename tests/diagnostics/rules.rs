//! Rules, in each way that YAML writes a text.

use super::{THINGS, fixtures, plain, rules};
use crate::process::{Folder, run};
use insta::assert_snapshot;

#[test]
fn cel_in_a_plain_scalar_is_told_at_its_place() {
    assert_snapshot!(
        rules("
            operations:
              updateThing:
                require:
                  - that: next.size > = 1
                    message: Refused
            "),
        @r"
        error: this is not CEL: `=` means nothing here
         --> fixtures/api/rules.yaml:4:27
          |
        4 |       - that: next.size > = 1
          |                           ^
          |
          = help: equal is `==`, and is `&&`, or is `||`, not is `!`

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        rules("
            operations:
              updateThing:
                require:
                  - that: next.size >
                    message: Refused
            "),
        @r"
        error: this is not CEL: it ends where a value is expected
         --> fixtures/api/rules.yaml:4:26
          |
        4 |       - that: next.size >
          |                          ^

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        rules("
            operations:
              updateThing:
                require:
                  - that: (next.size > 1
                    message: Refused
            "),
        @r"
        error: this is not CEL: `)` is missing
         --> fixtures/api/rules.yaml:4:29
          |
        4 |       - that: (next.size > 1
          |                             ^

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        rules(r#"
            operations:
              updateThing:
                require:
                  - that: next.name == "a
                    message: Refused
            "#),
        @r#"
        error: this is not CEL: the text that this quote opens doesn't end
         --> fixtures/api/rules.yaml:4:28
          |
        4 |       - that: next.name == "a
          |                            ^^

        1 error; nothing is served
        "#
    );
    assert_snapshot!(
        rules("
            operations:
              updateThing:
                require:
                  - that: next.size > 1 and next.size < 3
                    message: Refused
            "),
        @r"
        error: this is not CEL: `and` is not expected here
         --> fixtures/api/rules.yaml:4:29
          |
        4 |       - that: next.size > 1 and next.size < 3
          |                             ^^^
          |
          = help: equal is `==`, and is `&&`, or is `||`, not is `!`

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        rules("
            operations:
              updateThing:
                require:
                  - that: next.size > 1
                      && neext.size < 3
                    message: Refused
            "),
        @r"
        error: there is no variable `neext` here
         --> fixtures/api/rules.yaml:5:14
          |
        5 |           && neext.size < 3
          |              ^^^^^
          |
          = help: did you mean `next`?

        1 error; nothing is served
        "
    );
}

#[test]
fn cel_in_a_quoted_scalar_is_told_at_its_place() {
    assert_snapshot!(
        rules("
            operations:
              updateThing:
                require:
                  - that: 'next.name == ''é'' && neext.size > 1'
                    message: Refused
            "),
        @r"
        error: there is no variable `neext` here
         --> fixtures/api/rules.yaml:4:38
          |
        4 |       - that: 'next.name == ''é'' && neext.size > 1'
          |                                      ^^^^^
          |
          = help: did you mean `next`?

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        rules(r#"
            operations:
              updateThing:
                require:
                  - that: "next.name == \"\u00e9\" && neext.size > 1"
                    message: Refused
            "#),
        @r#"
        error: there is no variable `neext` here
         --> fixtures/api/rules.yaml:4:43
          |
        4 |       - that: "next.name == \"\u00e9\" && neext.size > 1"
          |                                           ^^^^^
          |
          = help: did you mean `next`?

        1 error; nothing is served
        "#
    );
    assert_snapshot!(
        rules("
            operations:
              updateThing:
                require:
                  - that: 'next.name == ''a'' + * 2'
                    message: Refused
            "),
        @r"
        error: this is not CEL: `*` is not expected here
         --> fixtures/api/rules.yaml:4:37
          |
        4 |       - that: 'next.name == ''a'' + * 2'
          |                                     ^

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        rules(r#"
            operations:
              updateThing:
                require:
                  - that: ""
                    message: Refused
            "#),
        @r#"
        error: there is no expression here
         --> fixtures/api/rules.yaml:4:15
          |
        4 |       - that: ""
          |               ^^

        1 error; nothing is served
        "#
    );
}

#[test]
fn cel_in_a_folded_block_is_told_at_its_place() {
    assert_snapshot!(
        rules("
            operations:
              updateThing:
                require:
                  - that: >-
                      next.name == '日本'
                        && neext.size > 1
                      && next.size < 3
                    message: Refused
            "),
        @r"
        error: there is no variable `neext` here
         --> fixtures/api/rules.yaml:6:16
          |
        6 |             && neext.size > 1
          |                ^^^^^
          |
          = help: did you mean `next`?

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        rules("
            operations:
              updateThing:
                require:
                  - that: >-
                      'a' == next.name

                      && next.size > * 1
                    message: Refused
            "),
        @r"
        error: this is not CEL: `*` is not expected here
         --> fixtures/api/rules.yaml:7:26
          |
        7 |           && next.size > * 1
          |                          ^

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        rules("
            operations:
              updateThing:
                require:
                  - that: >
                      next.size >
                      1 +

                    message: Refused
            "),
        @r"
        error: this is not CEL: it ends where a value is expected
         --> fixtures/api/rules.yaml:6:14
          |
        6 |           1 +
          |              ^

        1 error; nothing is served
        "
    );
}

#[test]
fn cel_in_a_literal_block_is_told_at_its_place() {
    assert_snapshot!(
        rules("
            operations:
              updateThing:
                require:
                  - that: |
                      'é' == next.name
                      && lenght(next.name) > 1
                    message: Refused
            "),
        @r"
        error: there is no function `lenght`
         --> fixtures/api/rules.yaml:6:14
          |
        6 |           && lenght(next.name) > 1
          |              ^^^^^^
          |
          = help: beside CEL's own there are item, items, sum, duplicates, addMinutes, zoned, rrule, isLanguageTag

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        rules("
            operations:
              updateThing:
                require:
                  - that: |
                      next.size > 1
                      && next.size + > 1
                    message: Refused
            "),
        @r"
        error: this is not CEL: `>` is not expected here
         --> fixtures/api/rules.yaml:6:26
          |
        6 |           && next.size + > 1
          |                          ^

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        rules("
            operations:
              updateThing:
                require:
                  - that: |+
                      next.size > 1
                      &&


                    message: Refused
            "),
        @r"
        error: this is not CEL: it ends where a value is expected
         --> fixtures/api/rules.yaml:6:13
          |
        6 |           &&
          |             ^

        1 error; nothing is served
        "
    );
}

#[test]
fn a_name_that_is_not_there_is_told_with_the_nearest_one() {
    assert_snapshot!(
        rules("
            operations:
              updateThing:
                require:
                  - that: stoerd.size > 1
                    message: Refused
            "),
        @r"
        error: there is no variable `stoerd` here
         --> fixtures/api/rules.yaml:4:15
          |
        4 |       - that: stoerd.size > 1
          |               ^^^^^^
          |
          = help: did you mean `stored`?

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        rules("
            operations:
              updateThing:
                require:
                  - that: size(next.name.trimm()) > 1
                    message: Refused
            "),
        @r"
        error: there is no function `trimm`
         --> fixtures/api/rules.yaml:4:30
          |
        4 |       - that: size(next.name.trimm()) > 1
          |                              ^^^^^
          |
          = help: did you mean `trim`?

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        rules("
            operations:
              updateThing:
                require:
                  - that: zone(next.name)
                    message: Refused
            "),
        @r"
        error: there is no function `zone`
         --> fixtures/api/rules.yaml:4:15
          |
        4 |       - that: zone(next.name)
          |               ^^^^
          |
          = help: did you mean `zoned`?

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        rules("
            operations:
              updateThing:
                require:
                  - that: item('thing', next.id) != null
                    message: Refused
            "),
        @r"
        error: there is no collection `thing`
         --> fixtures/api/rules.yaml:4:20
          |
        4 |       - that: item('thing', next.id) != null
          |                    ^^^^^^^
          |
          = help: did you mean `things`?

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        rules("
            operations:
              updateThing:
                require:
                  - that: items('people').size() > 1
                    message: Refused
            "),
        @r"
        error: there is no collection `people`
         --> fixtures/api/rules.yaml:4:21
          |
        4 |       - that: items('people').size() > 1
          |                     ^^^^^^^^
          |
          = help: with fixtures there are things

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        rules("
            operations:
              updateThing:
                require:
                  - that: next.tags.all(tag, tga != '')
                    message: Refused
            "),
        @r"
        error: there is no variable `tga` here
         --> fixtures/api/rules.yaml:4:34
          |
        4 |       - that: next.tags.all(tag, tga != '')
          |                                  ^^^
          |
          = help: there are request, auth, now, stored, next, tag

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        rules("
            operations:
              updateThing:
                require:
                  - for: tag in nxet.tags
                    that: tag != ''
                    message: Refused
            "),
        @r"
        error: there is no variable `nxet` here
         --> fixtures/api/rules.yaml:4:21
          |
        4 |       - for: tag in nxet.tags
          |                     ^^^^
          |
          = help: did you mean `next`?

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        rules("
            define:
              twice(x): y + x
              size(x): x
              thrice: 3 * x
            operations:
              updateThing:
                require:
                  - that: twice(1, 2) > 2
                    message: Refused
            "),
        @r"
        error: there is no variable `y` here
         --> fixtures/api/rules.yaml:2:13
          |
        2 |   twice(x): y + x
          |             ^
          |
          = help: there are x, now

        error: there is a function `size` already
         --> fixtures/api/rules.yaml:3:3
          |
        3 |   size(x): x
          |   ^^^^^^^

        error: a definition is named like `length(item)`
         --> fixtures/api/rules.yaml:4:3
          |
        4 |   thrice: 3 * x
          |   ^^^^^^

        error: `twice` is given 2 arguments, and takes 1
         --> fixtures/api/rules.yaml:8:15
          |
        8 |       - that: twice(1, 2) > 2
          |               ^^^^^
          |
          = help: it is defined under `define`

        4 errors; nothing is served
        "
    );
    assert_snapshot!(
        rules("
            operations:
              updateThing:
                require:
                  - that: not(next.size = 1)
                    message: Refused
            "),
        @r"
        error: this is not CEL: `=` means nothing here
         --> fixtures/api/rules.yaml:4:29
          |
        4 |       - that: not(next.size = 1)
          |                             ^
          |
          = help: equal is `==`, and is `&&`, or is `||`, not is `!`

        1 error; nothing is served
        "
    );
}

#[test]
fn an_operation_or_key_that_is_not_there_is_told_with_the_nearest_one() {
    assert_snapshot!(
        rules("
            operations:
              updateThink:
                merge: deep
            "),
        @r"
        error: the contract has no operation `updateThink`
         --> fixtures/api/rules.yaml:2:3
          |
        2 |   updateThink:
          |   ^^^^^^^^^^^
          |
          = help: did you mean `updateThing`?

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        rules("
            operations:
              POST /things:
                merge: deep
            "),
        @r"
        error: the contract has no operation `POST /things`
         --> fixtures/api/rules.yaml:2:3
          |
        2 |   POST /things:
          |   ^^^^^^^^^^^^
          |
          = help: name it by its operationId, or as `PATCH /path`

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        rules("
            operation:
              updateThing:
                merge: deep
            "),
        @r"
        error: the key `operation` is not known here
         --> fixtures/api/rules.yaml:1:1
          |
        1 | operation:
          | ^^^^^^^^^
          |
          = help: did you mean `operations`?

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        rules("
            operations:
              updateThing:
                requires: []
                merge: shallow
            "),
        @r"
        error: the key `requires` is not known here
         --> fixtures/api/rules.yaml:3:5
          |
        3 |     requires: []
          |     ^^^^^^^^
          |
          = help: did you mean `require`?

        error: there is no way to merge called `shallow`
         --> fixtures/api/rules.yaml:4:12
          |
        4 |     merge: shallow
          |            ^^^^^^^
          |
          = help: there are deep, properties, whole

        2 errors; nothing is served
        "
    );
    assert_snapshot!(
        rules("operations: [updateThing]"),
        @r"
        error: a mapping is expected here
         --> fixtures/api/rules.yaml:1:13
          |
        1 | operations: [updateThing]
          |             ^^^^^^^^^^^^^

        1 error; nothing is served
        "
    );
}

#[test]
fn a_rule_that_lacks_or_mixes_up_something_is_told() {
    assert_snapshot!(
        rules("
            operations:
              updateThing:
                require:
                  - that: 'true'
                  - that: 'true'
                    message: M
                    status: 200
                  - that: 'true'
                    message: M
                    status: '409'
                  - that: 'true'
                    message: M
                    at: size
                  - for: x of next.tags
                    that: 'true'
                    message: M
            "),
        @r"
        error: `message` is missing here
         --> fixtures/api/rules.yaml:4:9
          |
        4 |       - that: 'true'
          |         ^^^^^^^^^^^^

        error: a refusal's status is from 400 to 599
         --> fixtures/api/rules.yaml:7:17
          |
        7 |         status: 200
          |                 ^^^
          |
          = help: without a status it is the one for invalid requests

        error: a refusal's status is from 400 to 599
          --> fixtures/api/rules.yaml:10:17
           |
        10 |         status: '409'
           |                 ^^^^^
           |
           = help: it is a number, without quotes

        error: this is no JSON Pointer: it starts with /
          --> fixtures/api/rules.yaml:13:13
           |
        13 |         at: size
           |             ^^^^
           |
           = help: write it as `/size`

        error: a loop reads `item in list` or `index, item in list`
          --> fixtures/api/rules.yaml:14:14
           |
        14 |       - for: x of next.tags
           |              ^^^^^^^^^^^^^^

        5 errors; nothing is served
        "
    );
    assert_snapshot!(
        rules("
            operations:
              updateThing:
                set:
                  - at: size
                    to: now
                  - at: /size
                  - at: /size
                    to: now
                    remove: true
                cascade:
                  - collection: thing
                    where: item.id == stored.id
                    set: []
            "),
        @r"
        error: this is no JSON Pointer to a property: it starts with /
         --> fixtures/api/rules.yaml:4:13
          |
        4 |       - at: size
          |             ^^^^
          |
          = help: write it as `/size`

        error: a computed property has either `to` or `remove: true`
         --> fixtures/api/rules.yaml:6:9
          |
        6 |       - at: /size
          |         ^^^^^^^^^

        error: a computed property has either `to` or `remove: true`
         --> fixtures/api/rules.yaml:7:9
          |
        7 |       - at: /size
          |         ^^^^^^^^^

        error: there is no collection `thing`
          --> fixtures/api/rules.yaml:11:21
           |
        11 |       - collection: thing
           |                     ^^^^^
           |
           = help: did you mean `things`?

        error: /size must be an integer, and this is a string
         --> fixtures/api/rules.yaml:8:13
          |
        8 |         to: now
          |             ^^^

        5 errors; nothing is served
        "
    );
    assert_snapshot!(
        rules(r#"
            operations:
              updateThing:
                announce:
                  - callback: chnged
                    to: "'http://localhost'"
                    body: next
              getThing:
                announce:
                  - callback: changed
                    to: "'http://localhost'"
                    body: next
            "#),
        @r"
        error: the operation has no callback `chnged`
         --> fixtures/api/rules.yaml:4:19
          |
        4 |       - callback: chnged
          |                   ^^^^^^
          |
          = help: did you mean `changed`?

        error: the operation has no callback `changed`
         --> fixtures/api/rules.yaml:9:19
          |
        9 |       - callback: changed
          |                   ^^^^^^^
          |
          = help: there is none

        2 errors; nothing is served
        "
    );
}

#[test]
fn what_is_compared_and_called_is_held_against_the_schemas() {
    assert_snapshot!(
        rules("
            define:
              isLong(thing): thing.name > 10
            operations:
              updateThing:
                condition:
                  - that: now > stored.name
                    message: Refused
                require:
                  - that: isLong(next) || next.size.startsWith('a')
                    message: Refused
                  - for: i, part in next.name
                    that: part == i
                    message: Refused
                  - that: next.size * 1.5 > 3.0
                    message: Refused
                  - that: next.size
                    message: Refused
                set:
                  - at: /size
                    to: string(now)
            "),
        @r"
        error: a string has no order with an integer
         --> fixtures/api/rules.yaml:2:29
          |
        2 |   isLong(thing): thing.name > 10
          |                             ^
          |
          = help: `string(…)` makes one of a number

        error: a timestamp has no order with a string
         --> fixtures/api/rules.yaml:6:19
          |
        6 |       - that: now > stored.name
          |                   ^
          |
          = help: `timestamp(…)` reads one of a string

        error: `startsWith` takes a string, and this is an integer
         --> fixtures/api/rules.yaml:9:35
          |
        9 |       - that: isLong(next) || next.size.startsWith('a')
          |                                   ^
          |
          = help: `string(…)` makes one of a number

        error: there must be a list, and this is a string
          --> fixtures/api/rules.yaml:11:29
           |
        11 |       - for: i, part in next.name
           |                             ^

        error: an integer can't be multiplied with or divided by a fractional number
          --> fixtures/api/rules.yaml:14:25
           |
        14 |       - that: next.size * 1.5 > 3.0
           |                         ^
           |
           = help: `double(…)` makes one of an integer

        error: there must be true or false, and this is an integer
          --> fixtures/api/rules.yaml:16:19
           |
        16 |       - that: next.size
           |                   ^

        error: /size must be an integer, and this is a string
          --> fixtures/api/rules.yaml:20:13
           |
        20 |         to: string(now)
           |             ^^^^^^

        7 errors; nothing is served
        "
    );
}

#[test]
fn what_is_the_same_whatever_is_sent_is_told() {
    let told = fixtures(&[
        ("things.yaml", "- id: a"),
        ("boxes.yaml", "- {id: a, kind: small}"),
        (
            "rules.yaml",
            "
            operations:
              updateThing:
                require:
                  - that: request.headers['x-size'] > 5
                    message: Refused
                  - that: sum(items('things').map(t, t.name)) > 1
                    message: Refused
                  - that: items('things')['a'] == null
                    message: Refused
                  - that: item('boxes', 'a').kind == 'smal' || item('boxes', 'a').kind in ['large', 'huge']
                    message: Refused
                  - that: now > timestamp('yesterday') && duration('x') > duration('24h')
                    message: Refused
                  - that: type(next.name) == string && dyn(next.size) == 'a'
                    message: Refused
            ",
        ),
    ]);
    assert_snapshot!(told, @r#"
    error: a string has no order with an integer
     --> fixtures/api/rules.yaml:4:41
      |
    4 |       - that: request.headers['x-size'] > 5
      |                                         ^
      |
      = help: `string(…)` makes one of a number

    error: `sum` takes a list of what is a number, and this is a string
     --> fixtures/api/rules.yaml:6:35
      |
    6 |       - that: sum(items('things').map(t, t.name)) > 1
      |                                   ^^^

    error: the place in a list is a number, and this is a string
     --> fixtures/api/rules.yaml:8:31
      |
    8 |       - that: items('things')['a'] == null
      |                               ^^^

    error: this is never "smal"
      --> fixtures/api/rules.yaml:10:39
       |
    10 |       - that: item('boxes', 'a').kind == 'smal' || item('boxes', 'a').kind in ['large', 'huge']
       |                                       ^^
       |
       = help: did you mean `small`?

    error: this is never "huge"
      --> fixtures/api/rules.yaml:10:89
       |
    10 |       - that: item('boxes', 'a').kind == 'smal' || item('boxes', 'a').kind in ['large', 'huge']
       |                                                                                         ^^^^^^
       |
       = help: there are large, small

    error: `timestamp` can't read "yesterday"
      --> fixtures/api/rules.yaml:12:31
       |
    12 |       - that: now > timestamp('yesterday') && duration('x') > duration('24h')
       |                               ^^^^^^^^^^^
       |
       = help: it is written like 2024-01-15T11:00:00Z

    error: `duration` can't read "x"
      --> fixtures/api/rules.yaml:12:56
       |
    12 |       - that: now > timestamp('yesterday') && duration('x') > duration('24h')
       |                                                        ^^^
       |
       = help: it is written like 90m or 1h30m

    7 errors; nothing is served
    "#);
    let told = rules(
        "operations: {updateThing: {require: [{that: next.name.matches('(a'), message: m}]}}",
    );
    let wrong =
        "error: this is no regular expression: unclosed group\n --> fixtures/api/rules.yaml:1:63";
    assert!(told.starts_with(wrong), "{told}");
}

#[test]
fn a_member_that_cant_be_there_is_told() {
    assert_snapshot!(
        rules("
            operations:
              updateThing:
                authorize: auth.permission.size() > 0
                require:
                  - that: has(next.nmae) && request.path.ident != ''
                    message: Refused
            "),
        @r"
        error: there is no member `permission` here
         --> fixtures/api/rules.yaml:3:20
          |
        3 |     authorize: auth.permission.size() > 0
          |                    ^
          |
          = help: did you mean `permissions`?

        error: there is no member `ident` here
         --> fixtures/api/rules.yaml:5:45
          |
        5 |       - that: has(next.nmae) && request.path.ident != ''
          |                                             ^
          |
          = help: there are id

        2 errors; nothing is served
        "
    );
}

#[test]
fn what_may_be_right_is_let_through() {
    let folder = Folder::of(&[("specs/api.yaml", THINGS)]);
    folder.write("fixtures/api/things.yaml", "- id: a");
    folder.write(
        "fixtures/api/rules.yaml",
        plain(
            "
            define:
              either(a, b): 'a == b'
            operations:
              updateThing:
                condition:
                  - when: has(stored.size) && stored.size != null
                    that: double(stored.size) * 1.5 > 3.0 || either(stored.name, 'x')
                    message: Refused
                require:
                  - that: has(request.body.anything) && request.body.anything > 3
                    message: Refused
                  - that: request.headers['x-a'] == 'b' && auth.claims.sub == 'c'
                    message: Refused
                  - that: timestamp(next.name) > now - duration('3h') && next.kept == 1
                    message: Refused
                  - that: items('things').exists(other, other.id != next.id)
                    message: Refused
                  - that: rrule(next.name) != null && rrule(next.name).FREQ == 'DAILY'
                    message: Refused
                  - that: '[1, 2].map(n, n + 1).filter(n, n > 1).size() == 2'
                    message: Refused
                  - that: type(next.name) == string && dyn(next.name) == 1
                    message: Refused
                  - that: next.name in ['a', 'b'] && item('things', 'a').name != 'c'
                    message: Refused
                  - that: \"{'a': 1}['a'] == 1 && {1: 'a'}[1] == 'a' && [1][0] == 1\"
                    message: Refused
                  - that: request.headers['x-b'].contains('c') && sum([1, 2.5]) > duration('1h').getHours()
                    message: Refused
                  - that: next.name.matches('^a(b|c)+$') && timestamp('2024-01-15T11:00:00Z') < now
                    message: Refused
                set:
                  - at: /name
                    to: now
                  - at: /kept
                    to: '1'
            ",
        ),
    );
    let checked = run(folder.path(), &["check", "--strict"]);
    assert_eq!(checked.code, Some(0), "{}", checked.err);
}

#[test]
fn a_property_that_no_schema_has_is_a_warning() {
    let folder = Folder::of(&[("specs/api.yaml", THINGS)]);
    folder.write("fixtures/api/things.yaml", "- id: a");
    let rules = "
        operations:
          updateThing:
            require:
              - that: has(next.nmae)
                message: Refused
        ";
    folder.write("fixtures/api/rules.yaml", plain(rules));
    let checked = run(folder.path(), &["check", "--strict"]);
    assert_eq!(checked.code, Some(1));
    let told = "warning: no schema has a property `nmae` here\n --> fixtures/api/rules.yaml:4:15";
    let is_told = format!("{}{}", checked.out, checked.err).contains(told);
    assert!(is_told, "{}{}", checked.out, checked.err);
}
