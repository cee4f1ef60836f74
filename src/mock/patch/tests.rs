use super::*;
use serde_json::json;

fn refused(document: &Value, operations: &Value) -> (PatchFaultKind, String) {
    let fault = patch(document, operations).expect_err("a fault");
    (fault.kind, fault.at.to_string())
}

/// The examples of RFC 6902, appendix A, that give a document.
#[test]
fn operations_do_as_the_rfcs_examples_say() {
    for (number, document, operations, result) in [
        (
            1,
            json!({"foo": "bar"}),
            json!([{"op": "add", "path": "/baz", "value": "qux"}]),
            json!({"baz": "qux", "foo": "bar"}),
        ),
        (
            2,
            json!({"foo": ["bar", "baz"]}),
            json!([{"op": "add", "path": "/foo/1", "value": "qux"}]),
            json!({"foo": ["bar", "qux", "baz"]}),
        ),
        (
            3,
            json!({"baz": "qux", "foo": "bar"}),
            json!([{"op": "remove", "path": "/baz"}]),
            json!({"foo": "bar"}),
        ),
        (
            4,
            json!({"foo": ["bar", "qux", "baz"]}),
            json!([{"op": "remove", "path": "/foo/1"}]),
            json!({"foo": ["bar", "baz"]}),
        ),
        (
            5,
            json!({"baz": "qux", "foo": "bar"}),
            json!([{"op": "replace", "path": "/baz", "value": "boo"}]),
            json!({"baz": "boo", "foo": "bar"}),
        ),
        (
            6,
            json!({"foo": {"bar": "baz", "waldo": "fred"}, "qux": {"corge": "grault"}}),
            json!([{"op": "move", "from": "/foo/waldo", "path": "/qux/thud"}]),
            json!({"foo": {"bar": "baz"}, "qux": {"corge": "grault", "thud": "fred"}}),
        ),
        (
            7,
            json!({"foo": ["all", "grass", "cows", "eat"]}),
            json!([{"op": "move", "from": "/foo/1", "path": "/foo/3"}]),
            json!({"foo": ["all", "cows", "eat", "grass"]}),
        ),
        (
            8,
            json!({"baz": "qux", "foo": ["a", 2, "c"]}),
            json!([{"op": "test", "path": "/baz", "value": "qux"}, {"op": "test", "path": "/foo/1", "value": 2}]),
            json!({"baz": "qux", "foo": ["a", 2, "c"]}),
        ),
        (
            10,
            json!({"foo": "bar"}),
            json!([{"op": "add", "path": "/child", "value": {"grandchild": {}}}]),
            json!({"foo": "bar", "child": {"grandchild": {}}}),
        ),
        (
            11,
            json!({"foo": "bar"}),
            json!([{"op": "add", "path": "/baz", "value": "qux", "xyz": 123}]),
            json!({"foo": "bar", "baz": "qux"}),
        ),
        (
            14,
            json!({"/": 9, "~1": 10}),
            json!([{"op": "test", "path": "/~01", "value": 10}]),
            json!({"/": 9, "~1": 10}),
        ),
        (
            16,
            json!({"foo": ["bar"]}),
            json!([{"op": "add", "path": "/foo/-", "value": ["abc", "def"]}]),
            json!({"foo": ["bar", ["abc", "def"]]}),
        ),
    ] {
        assert_eq!(patch(&document, &operations), Ok(result), "A.{number}");
    }
}

/// The examples of the same appendix that are errors: A.9, A.12, A.13 (of which no more than
/// the last of two `op` comes through) and A.15.
#[test]
fn what_the_rfcs_examples_refuse_is_refused() {
    let test = json!([{"op": "test", "path": "/baz", "value": "bar"}]);
    let failed = (PatchFaultKind::TestFailed, "/0/value".to_owned());
    assert_eq!(refused(&json!({"baz": "qux"}), &test), failed);
    let add = json!([{"op": "add", "path": "/baz/bat", "value": "qux"}]);
    let unfit = (PatchFaultKind::Unfit, "/0/path".to_owned());
    assert_eq!(refused(&json!({"foo": "bar"}), &add), unfit);
    let remove = json!([{"op": "remove", "path": "/baz", "value": "qux"}]);
    assert_eq!(refused(&json!({"foo": "bar"}), &remove), unfit);
    let test = json!([{"op": "test", "path": "/~01", "value": "10"}]);
    assert_eq!(refused(&json!({"/": 9, "~1": 10}), &test), failed);
}

#[test]
fn a_patch_that_fails_at_its_end_changes_nothing() {
    let document = json!({"a": [1, 2], "b": {"c": null}});
    let before = document.clone();
    let operations = json!([
        {"op": "remove", "path": "/a"},
        {"op": "replace", "path": "/b", "value": 1},
        {"op": "test", "path": "/b", "value": 2},
    ]);
    let fault = patch(&document, &operations).expect_err("a test that fails");
    assert_eq!(fault.operation, Some(2));
    assert_eq!(fault.at.as_str(), "/2/value");
    assert_eq!(document, before);
}

#[test]
fn the_whole_document_is_replaced_tested_and_copied_but_not_removed() {
    let document = json!({"a": 1});
    let done = |operations: Value| patch(&document, &operations);
    assert_eq!(done(json!([])), Ok(json!({"a": 1})));
    for op in ["add", "replace"] {
        let replaced = done(json!([{"op": op, "path": "", "value": [null]}]));
        assert_eq!(replaced, Ok(json!([null])));
    }
    let operations = json!([
        {"op": "test", "path": "", "value": {"a": 1}},
        {"op": "copy", "from": "", "path": "/b"},
        {"op": "copy", "from": "/b", "path": ""},
        {"op": "move", "from": "", "path": ""},
    ]);
    assert_eq!(done(operations), Ok(json!({"a": 1})));
    let removed = refused(&document, &json!([{"op": "remove", "path": ""}]));
    assert_eq!(removed, (PatchFaultKind::Unfit, "/0/path".to_owned()));
}

#[test]
fn a_test_compares_numbers_by_value_and_objects_in_any_order() {
    let document: Value = serde_json::from_str(
        r#"{"one": 1, "far": 1e400, "long": 9007199254740993, "o": {"a": 1, "b": [2.50]}}"#,
    )
    .expect("JSON");
    let holds = |path: &str, text: &str| {
        let value: Value = serde_json::from_str(text).expect(text);
        patch(
            &document,
            &json!([{"op": "test", "path": path, "value": value}]),
        )
        .is_ok()
    };
    assert!(holds("/one", "1.0") && holds("/one", "10e-1"));
    assert!(holds("/far", "10e399") && !holds("/far", "1e401"));
    assert!(!holds("/long", "9007199254740992"));
    assert!(holds("/o", r#"{"b": [2.5], "a": 1.0}"#));
    assert!(!holds("/o", r#"{"b": [2.5], "a": 1, "c": 1}"#));
    assert!(!holds("/o", r#"{"b": [2.5, 2.5], "a": 1}"#));
    assert!(!holds("/one", "\"1\"") && !holds("/one", "true"));
}

#[test]
fn a_test_of_what_is_not_there_fails_as_a_test() {
    let document = json!({"a": [1]});
    for path in ["/b", "/a/1", "/a/-", "/a/0/x"] {
        let fault = refused(
            &document,
            &json!([{"op": "test", "path": path, "value": null}]),
        );
        assert_eq!(
            fault,
            (PatchFaultKind::TestFailed, "/0/path".to_owned()),
            "{path}"
        );
    }
}

#[test]
fn pointers_that_are_none_or_lead_nowhere_are_named() {
    let document = json!({"a": [1, 2], "n": 1, "o": {"x": 1}});
    for path in [
        "a",
        "/~",
        "/~2",
        "/o~",
        "/a/01",
        "/a/+1",
        "/a/-1",
        "/a/x",
        "/a/",
        "/a/1e0",
        "/a/2",
        "/a/99999999999999999999999",
        "/a/-",
        "/n/x",
        "/o/y",
        "/o/x/z",
        "/A",
    ] {
        let remove = json!([{"op": "remove", "path": path}]);
        let unfit = |member: &str| (PatchFaultKind::Unfit, format!("/0/{member}"));
        assert_eq!(refused(&document, &remove), unfit("path"), "{path}");
        for op in ["move", "copy"] {
            let from = json!([{"op": op, "from": path, "path": "/new"}]);
            assert_eq!(refused(&document, &from), unfit("from"), "{op} {path}");
        }
    }
    let append = json!([{"op": "add", "path": "/a/2", "value": 3}]);
    assert_eq!(
        patch(&document, &append).map(|d| d["a"].clone()),
        Ok(json!([1, 2, 3]))
    );
    let beyond = json!([{"op": "add", "path": "/a/3", "value": 3}]);
    assert_eq!(refused(&document, &beyond).0, PatchFaultKind::Unfit);
}

#[test]
fn nothing_is_moved_into_itself() {
    let document = json!({"a": {"b": 1}, "ab": {}});
    let into = json!([{"op": "move", "from": "/a", "path": "/a/b"}]);
    assert_eq!(
        refused(&document, &into),
        (PatchFaultKind::Unfit, "/0/path".to_owned())
    );
    let root = json!([{"op": "move", "from": "", "path": "/a"}]);
    assert_eq!(refused(&document, &root).0, PatchFaultKind::Unfit);
    let beside = json!([{"op": "move", "from": "/a", "path": "/ab/a"}]);
    assert_eq!(
        patch(&document, &beside),
        Ok(json!({"ab": {"a": {"b": 1}}}))
    );
    let same = json!([{"op": "move", "from": "/a", "path": "/a"}]);
    assert_eq!(patch(&document, &same), Ok(document));
}

#[test]
fn what_is_no_patch_is_told_with_its_place() {
    let document = json!({"a": 1});
    for (operations, at) in [
        (json!({"op": "add"}), ""),
        (json!(null), ""),
        (json!([1]), "/0"),
        (json!([{"path": "/a"}]), "/0/op"),
        (json!([{"op": 1, "path": "/a"}]), "/0/op"),
        (json!([{"op": "spam", "path": "/a"}]), "/0/op"),
        (json!([{"op": "remove"}]), "/0/path"),
        (json!([{"op": "remove", "path": null}]), "/0/path"),
        (json!([{"op": "add", "path": "/b"}]), "/0/value"),
        (json!([{"op": "replace", "path": "/a"}]), "/0/value"),
        (json!([{"op": "test", "path": "/a"}]), "/0/value"),
        (json!([{"op": "move", "path": "/b"}]), "/0/from"),
        (json!([{"op": "copy", "path": "/b", "from": 1}]), "/0/from"),
    ] {
        let fault = refused(&document, &operations);
        assert_eq!(
            fault,
            (PatchFaultKind::Malformed, at.to_owned()),
            "{operations}"
        );
    }
}

#[test]
fn a_hostile_patch_costs_no_more_than_is_spent_on_one() {
    let costly = |document: &Value, operations: Vec<Value>| {
        let fault = patch(document, &Value::Array(operations)).map(drop);
        let fault = fault.expect_err("too costly");
        assert_eq!(fault.kind, PatchFaultKind::TooCostly, "{}", fault.detail);
        fault
    };
    let nothing = json!({"op": "test", "path": "", "value": {}});
    costly(&json!({}), vec![nothing; OPERATIONS + 1]);
    // Each doubles the document.
    let double = json!({"op": "copy", "from": "", "path": "/-"});
    let fault = costly(&json!(["x".repeat(1_000)]), vec![double.clone(); 30]);
    assert_eq!(fault.operation, Some(10));
    costly(&json!(["x".repeat(COPIED)]), vec![double]);
    // Each takes the document a level deeper.
    let deeper = [
        json!({"op": "add", "path": "/y", "value": {}}),
        json!({"op": "move", "from": "/x", "path": "/y/x"}),
        json!({"op": "move", "from": "/y", "path": "/x"}),
    ];
    let fault = costly(
        &json!({"x": {}}),
        deeper.iter().cycle().take(3_000).cloned().collect(),
    );
    assert_eq!(fault.operation, Some(3 * (DEPTH - 1) - 2));
    let far = json!({"op": "add", "path": "/x".repeat(DEPTH + 1), "value": 1});
    costly(&json!({}), vec![far]);
    // Each moves all the others aside.
    let first = json!({"op": "add", "path": "/0", "value": 0});
    costly(&Value::Array(vec![json!(0); 100_000]), vec![first; 1_000]);
    // Each compares a number as long as the document.
    let digits: Value = "1"
        .repeat(1_000_000)
        .parse()
        .map(Value::Number)
        .expect("a number");
    let test = json!({"op": "test", "path": "", "value": digits});
    costly(&digits, vec![test; 60]);
}

#[test]
fn a_fault_shows_long_and_strange_names_cut_and_escaped() {
    let path = format!("/{}\u{1b}[31m", "é".repeat(10));
    let remove = json!([{"op": "remove", "path": path}]);
    let fault = patch(&json!({}), &remove).expect_err("nothing there");
    assert!(fault.detail.contains("\\u{1b}"), "{}", fault.detail);
    let remove = json!([{"op": "remove", "path": "/x".repeat(10_000)}]);
    let fault = patch(&json!({}), &remove).expect_err("nothing there");
    assert!(fault.detail.len() < 200, "{}", fault.detail);
}
