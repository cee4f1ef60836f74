use super::JsonPath;
use serde_json::{Value, json};

/// What a query selects, as pointers with spaces between.
fn selected(query: &str, value: &Value) -> String {
    let path = JsonPath::parse(query).unwrap_or_else(|fault| panic!("{query}: {fault:?}"));
    let found = path.select(value).expect("cheap");
    let found: Vec<&str> = found.iter().map(|pointer| pointer.as_str()).collect();
    found.join(" ")
}

#[test]
fn each_selector_selects_as_the_rfc_says() {
    let value = json!({
        "a": [5, 3, {"k": "x", "n": 1}, {"k": "y"}],
        "o": {"p": {"k": "xx"}, "q~/": null},
    });
    for (query, expected) in [
        ("$", ""),
        ("$.a[0]", "/a/0"),
        ("$.a[-1].k", "/a/3/k"),
        ("$['o'][\"p\"]", "/o/p"),
        ("$.o.*", "/o/p /o/q~0~1"),
        ("$.a[1:3]", "/a/1 /a/2"),
        ("$.a[::-2]", "/a/3 /a/1"),
        ("$.a[0, 0 ,1]", "/a/0 /a/1"),
        ("$..k", "/a/2/k /a/3/k /o/p/k"),
        ("$.a[?@.k]", "/a/2 /a/3"),
        ("$.a[?@.k == 'x' && @.n]", "/a/2"),
        ("$.a[?!@.k]", "/a/0 /a/1"),
        ("$.a[?(@ > 3 || @.k >= 'y')]", "/a/0 /a/3"),
        ("$.a[?@.n == 1.0]", "/a/2"),
        ("$.a[?@.gone == @.lost]", "/a/0 /a/1 /a/2 /a/3"),
        ("$..[?match(@.k, 'x.?')]", "/a/2 /o/p"),
        ("$..[?search(@.k, 'x$')]", "/a/2 /o/p"),
        ("$[?length(@) == 2]", "/o"),
        ("$[?count(@.*) > 2]", "/a"),
        ("$.a[?value(@..k) == $.a[3].k]", "/a/3"),
        ("$.o['q\\u007e/']", "/o/q~0~1"),
        ("$.none.at[0].all", ""),
    ] {
        assert_eq!(selected(query, &value), expected, "{query}");
    }
}

#[test]
fn what_is_no_query_is_told_with_its_place() {
    for (query, at, message) in [
        ("a", 0, "a JSONPath starts with `$`"),
        ("$a", 1, "a segment starts with `.` or `[`"),
        (
            "$.paths./pets",
            8,
            "a name is expected here; other names stand in brackets: ['a-b']",
        ),
        ("$[01]", 2, "this is no number"),
        ("$['a]", 5, "this text isn't closed"),
        (
            "$[?@.a == @.*]",
            10,
            "this may select several nodes, where one value is needed",
        ),
        (
            "$[?lenght(@)]",
            3,
            "there is no function `lenght`; there are length, count, value, match and search",
        ),
        ("$[?length(@)]", 3, "a value alone is no test: compare it"),
        (
            "$[?match(@, 'a') == true]",
            3,
            "this is true or false, and can't be compared",
        ),
        ("$[?@.a", 6, "`,` is expected here"),
    ] {
        let fault = JsonPath::parse(query).expect_err(query);
        assert_eq!((fault.at, fault.message.as_str()), (at, message), "{query}");
    }
}

#[test]
fn a_query_that_multiplies_its_nodes_ends_early() {
    let mut deep = json!(0);
    for _ in 0..100 {
        deep = json!([deep, 1]);
    }
    let query = format!("${}", "..*".repeat(12));
    let path = JsonPath::parse(&query).expect("a query");
    assert!(path.select(&deep).is_err());
    let nested = format!("${}@{}", "..[?".repeat(12), "]".repeat(12));
    let path = JsonPath::parse(&nested).expect_err("no query");
    assert!(!path.message.is_empty());
    let nested = format!("$..[?{}@{}]", "@..[?".repeat(12), "]".repeat(12));
    let path = JsonPath::parse(&nested).expect("a query");
    assert!(path.select(&deep).is_err());
    let brackets = format!("$[?{}@{}]", "(".repeat(50), ")".repeat(50));
    assert!(JsonPath::parse(&brackets).is_err());
}
