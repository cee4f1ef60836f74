//! Fixtures and settings.

use super::fixtures;
use insta::assert_snapshot;

#[test]
fn a_fixture_file_that_is_no_list_or_no_yaml_is_told() {
    assert_snapshot!(
        fixtures(&[("things.yaml", "a: {id: a}")]),
        @r"
        error: no path shows one things alone
         --> fixtures/api/things.yaml:1:1
          |
        1 | a: {id: a}
          | ^^^^^^^^^^
          |
          = help: the items of a collection are a list: each begins with a dash

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        fixtures(&[("things.yaml", "a")]),
        @r"
        error: a fixture file is a list of items, or one item that is alone
         --> fixtures/api/things.yaml:1:1
          |
        1 | a
          | ^

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        fixtures(&[("things.yaml", "
            - id: a
            →size: 2
            ")]),
        @r"
        error: this is not YAML: a tab indents this line
         --> fixtures/api/things.yaml:2:1
          |
        2 |     size: 2
          | ^^^^
          |
          = help: indent with spaces

        1 error; nothing is served
        "
    );
    assert_snapshot!(
        fixtures(&[("things.json", r#"[{"id": "a"}, {"id": "b", "size": }]"#)]),
        @r#"
    error: this is not JSON: a value is expected here
     --> fixtures/api/things.json:1:35
      |
    1 | [{"id": "a"}, {"id": "b", "size": }]
      |                                   ^
      |
      = help: no comma stands before a closing bracket

    1 error; nothing is served
    "#
    );
}

#[test]
fn an_item_without_a_key_of_its_own_is_told() {
    assert_snapshot!(
        fixtures(&[("things.yaml", "
            - id: a
            - size: 2
            - id: null
            - 3
            - id: a
              size: 2
            ")]),
        @r#"
    error: an item of things needs its key, `id`
     --> fixtures/api/things.yaml:2:3
      |
    2 | - size: 2
      |   ^^^^^^^
      |
      = help: another property can be named in setup.yaml: collections, the collection, key

    error: an item of things needs its key, `id`
     --> fixtures/api/things.yaml:3:3
      |
    3 | - id: null
      |   ^^^^^^^^
      |
      = help: another property can be named in setup.yaml: collections, the collection, key

    error: an item of things needs its key, `id`
     --> fixtures/api/things.yaml:4:3
      |
    4 | - 3
      |   ^
      |
      = help: another property can be named in setup.yaml: collections, the collection, key

    error: a second item of things has the key "a"
     --> fixtures/api/things.yaml:5:7
      |
    5 | - id: a
      |       ^

    4 errors; nothing is served
    "#
    );
}

#[test]
fn items_that_break_the_contract_are_told_in_all_files() {
    assert_snapshot!(
        fixtures(&[
            ("things.yaml", "
                - id: a
                  size: 0
                - id: b
                  name: 3
                "),
            ("boxes.yaml", "
                - id: a
                  kind: blue
                "),
        ]),
        @r#"
    error: this item breaks the contract: /kind must be large | small, got "blue"
     --> fixtures/api/boxes.yaml:2:9
      |
    2 |   kind: blue
      |         ^^^^
      |
      = help: specs/api.yaml:35 says so

    error: this item breaks the contract: /size must be at least 1, got 0
     --> fixtures/api/things.yaml:2:9
      |
    2 |   size: 0
      |         ^
      |
      = help: specs/api.yaml:17 says so

    error: this item breaks the contract: /name must be a string, got 3
     --> fixtures/api/things.yaml:4:9
      |
    4 |   name: 3
      |         ^
      |
      = help: specs/api.yaml:18 says so

    3 errors; nothing is served
    "#
    );
}

#[test]
fn settings_that_are_not_known_are_told() {
    assert_snapshot!(
        fixtures(&[("setup.yaml", "
            clok: 2024-01-15T11:00:00Z
            clock: yesterday
            collections:
              thing: {kee: id}
            ")]),
        @"
    error: the key `clok` is not known here
     --> fixtures/api/setup.yaml:1:1
      |
    1 | clok: 2024-01-15T11:00:00Z
      | ^^^^
      |
      = help: did you mean `clock`?

    error: this is no clock
     --> fixtures/api/setup.yaml:2:8
      |
    2 | clock: yesterday
      |        ^^^^^^^^^
      |
      = help: a clock is a moment to stand still at (2024-01-15T11:00:00Z), one to go on from (@2024-01-15T11:00:00Z), what the machine's is ahead or behind (+3d12h, -90m), or real

    error: the key `kee` is not known here
     --> fixtures/api/setup.yaml:4:11
      |
    4 |   thing: {kee: id}
      |           ^^^
      |
      = help: did you mean `key`?

    error: there is no collection `thing`
     --> fixtures/api/setup.yaml:4:3
      |
    4 |   thing: {kee: id}
      |   ^^^^^
      |
      = help: did you mean `things`?

    4 errors; nothing is served
    "
    );
}

#[test]
fn an_item_that_breaks_the_contract_is_told_behind_one_without_a_key() {
    assert_snapshot!(
        fixtures(&[(
            "things.yaml",
            "
            - size: 2
            - id: b
              size: 0
            "
        )]),
        @"
    error: an item of things needs its key, `id`
     --> fixtures/api/things.yaml:1:3
      |
    1 | - size: 2
      |   ^^^^^^^
      |
      = help: another property can be named in setup.yaml: collections, the collection, key

    error: this item breaks the contract: /size must be at least 1, got 0
     --> fixtures/api/things.yaml:3:9
      |
    3 |   size: 0
      |         ^
      |
      = help: specs/api.yaml:17 says so

    2 errors; nothing is served
    "
    );
}

#[test]
fn errors_in_several_files_are_told_at_once() {
    assert_snapshot!(
        fixtures(&[
            ("things.yaml", "- {id: a\n"),
            ("setup.yaml", "clok: 2024-01-15T11:00:00Z\n"),
            (
                "rules.yaml",
                "operations:\n  updateThing:\n    set:\n      - at: /name\n        to: nxt.name\n",
            ),
        ]),
        @"
    error: the key `clok` is not known here
     --> fixtures/api/setup.yaml:1:1
      |
    1 | clok: 2024-01-15T11:00:00Z
      | ^^^^
      |
      = help: did you mean `clock`?

    error: this is not YAML: unclosed bracket '{'
     --> fixtures/api/things.yaml:1:3
      |
    1 | - {id: a
      |   ^
      |
      = help: each `{` and `[` has its `}` or `]`

    error: there is no variable `nxt` here
     --> fixtures/api/rules.yaml:5:13
      |
    5 |         to: nxt.name
      |             ^^^
      |
      = help: did you mean `next`?

    3 errors; nothing is served
    "
    );
}
