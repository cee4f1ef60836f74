use super::Overlay;
use crate::spec::{LoadError, Source};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

const HEAD: &str = "overlay: 1.1.0\ninfo: {title: T, version: '1'}\nactions:\n";

fn read(text: &str) -> Result<Overlay, String> {
    let source = Arc::new(Source::new("o.yaml", text));
    Overlay::from_source(source, Path::new("o.yaml")).map_err(|errors| errors.to_string())
}

/// The document as the actions leave it, and the warnings.
fn applied(actions: &str, mut document: Value) -> Result<(Value, Vec<String>), String> {
    let overlay = read(&format!("{HEAD}{actions}"))?;
    let warnings = overlay
        .apply(&mut document)
        .map_err(|error| error.to_string())?;
    Ok((
        document,
        warnings.iter().map(LoadError::to_string).collect(),
    ))
}

#[test]
fn updates_merge_append_replace_and_copy_as_the_specification_says() {
    for (actions, before, after) in [
        (
            "- {target: $, update: {a: {b: 2, c: [3]}, d: 4}}",
            json!({"a": {"b": 1, "c": [1], "e": 5}}),
            json!({"a": {"b": 2, "c": [1, 3], "e": 5}, "d": 4}),
        ),
        (
            "- {target: $.l, update: {x: 1}}\n- {target: $.l, update: [2, 3]}\n- {target: $.l, update: s}",
            json!({"l": [0]}),
            json!({"l": [0, {"x": 1}, 2, 3, "s"]}),
        ),
        (
            "- {target: $.a, update: new}",
            json!({"a": 1}),
            json!({"a": "new"}),
        ),
        (
            "- {target: '$.l[?@ < 3]', remove: true}\n- {target: $.a.b, remove: true}",
            json!({"l": [1, 2, 3, 1], "a": {"b": {}, "c": 1}}),
            json!({"l": [3], "a": {"c": 1}}),
        ),
        (
            "- {target: '$..[?@.gone]', remove: true}",
            json!({"a": {"gone": 1, "b": {"gone": 2}}, "l": [{"gone": 3}, {}, {"l": [{"gone": 4}]}]}),
            json!({"l": [{}, {"l": []}]}),
        ),
        (
            "- {target: $.b, copy: $.a}\n- {target: $.a, remove: true}",
            json!({"a": {"x": 1}, "b": {"y": 2}}),
            json!({"b": {"y": 2, "x": 1}}),
        ),
        (
            "- {target: '$.*', update: {x: 1}}",
            json!({"a": {}, "b": {}}),
            json!({"a": {"x": 1}, "b": {"x": 1}}),
        ),
        (
            "- {target: $.a, remove: true, update: {x: 1}}\n- {target: $, update: {a: 1}}",
            json!({"a": {}}),
            json!({"a": 1}),
        ),
    ] {
        let found = applied(actions, before);
        assert_eq!(found, Ok((after, Vec::new())), "{actions}");
    }
}

#[test]
fn a_change_that_cannot_be_made_is_told_at_its_place_in_the_overlay() {
    for (actions, message) in [
        (
            "- target: $\n  update:\n    a: {b: [1]}",
            "o.yaml:6:12: a list can't be merged onto an object, at /a/b of the document",
        ),
        (
            "- target: $.a\n  update: 1",
            "o.yaml:5:11: a plain value can't be merged onto an object, at /a of the document",
        ),
        (
            "- {target: '$.*', update: 1}",
            "o.yaml:4:12: this selects objects and lists, which no one change fits",
        ),
        (
            "- {target: $, remove: true}",
            "o.yaml:4:12: the whole document can't be removed",
        ),
        (
            "- {target: $.a, copy: '$.*'}",
            "o.yaml:4:23: a copy is of one node, and this selects 2",
        ),
    ] {
        let document = json!({"a": {"b": {}}, "l": []});
        assert_eq!(
            applied(actions, document),
            Err(message.to_owned()),
            "{actions}"
        );
    }
}

#[test]
fn a_target_that_is_nowhere_is_a_warning() {
    let found = applied("- {target: $.b.c, update: 1}", json!({}));
    let warning = "o.yaml:4:12: this selects nothing in the document".to_owned();
    assert_eq!(found, Ok((json!({}), vec![warning])));
}

#[test]
fn a_file_that_is_no_overlay_is_told_all_at_once() {
    let found = read(
        "overlay: 1.0.0\ninfo: {title: T, vers: 1}\nactions:\n- {}\n- {target: $.a b, remove: true}\n- {target: $, copy: $.x}\n- {target: $}\n",
    );
    insta::assert_snapshot!(found.expect_err("errors"), @r"
    o.yaml:2:18: the key `vers` is not known here
    o.yaml:2:7: `version` is missing here
    o.yaml:4:3: `target` is missing here
    o.yaml:5:16: a segment starts with `.` or `[`
    o.yaml:6:15: the key `copy` is not known here
    o.yaml:7:3: this action does nothing: it has no update, no remove
    ");
    for (text, message) in [
        (
            "overlay: 2.0.0\n",
            "o.yaml:1:10: overlays of this version aren't read; 1.0 and 1.1 are",
        ),
        ("[]", "o.yaml:1:1: an object is expected here"),
        (
            "overlay: 1.0\ninfo: {title: T, version: 1}\nactions: []\n",
            "o.yaml:3:10: `actions` is a list of one action at least",
        ),
    ] {
        assert_eq!(read(text).err().as_deref(), Some(message), "{text}");
    }
}

#[test]
fn a_document_can_be_made_neither_huge_nor_deep() {
    let twice = "- {target: $, copy: $.l}\n"
        .replace("$, ", "$.l, ")
        .repeat(40);
    let found = applied(&twice, json!({"l": ["x".repeat(1000)]})).expect_err("too large");
    assert!(
        found.ends_with("the document would grow by more than 64 MiB"),
        "{found}"
    );
    let deeper = "- {target: '$..a', copy: $}\n".repeat(20);
    let found = applied(&deeper, json!({"a": {}})).expect_err("too deep");
    assert!(
        found.ends_with("levels") || found.ends_with("MiB"),
        "{found}"
    );
}

#[test]
fn an_overlay_may_say_for_which_document_it_is() {
    let of = |extends: &str| {
        let text = format!("extends: {extends}\n{HEAD}- {{target: $.x, remove: true}}\n");
        let source = Arc::new(Source::new("Cargo.overlay", text));
        Overlay::from_source(source, Path::new("src/o.yaml")).expect("an overlay")
    };
    assert!(of("../Cargo.toml").is_for(Path::new("Cargo.toml")));
    assert!(!of("../Cargo.toml").is_for(Path::new("Cargo.lock")));
    assert!(of("https://example.com/api.yaml").is_for(Path::new("Cargo.lock")));
}
