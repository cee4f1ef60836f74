use super::*;
use serde_json::Map;

#[test]
fn pages_are_as_large_as_is_asked_and_documented() {
    let items = numbered(150);
    let count = |parameter: Value, query: Value| {
        let paging = paging(json!({"limit": parameter, "offset": integer()}), json!({}));
        page(&paging, &items, query).items.len()
    };
    let plain = integer();
    assert_eq!(count(plain.clone(), json!({})), USUAL);
    assert_eq!(count(plain.clone(), json!({"limit": 7})), 7);
    assert_eq!(count(plain.clone(), json!({"limit": "7"})), 7);
    assert_eq!(count(plain.clone(), json!({"limit": 0})), 0);
    assert_eq!(count(plain.clone(), json!({"limit": -5})), USUAL);
    let huge: Value = serde_json::from_str("1e30").expect("a number");
    assert_eq!(count(plain, json!({"limit": huge})), 150);
    let bounded = json!({"type": "integer", "maximum": 100, "default": 10});
    assert_eq!(count(bounded.clone(), json!({})), 10);
    assert_eq!(count(bounded, json!({"limit": 1000})), 100);
    let described = json!({"type": "integer", "description": "Defaults to 15 (max 30)."});
    assert_eq!(count(described.clone(), json!({})), 15);
    assert_eq!(count(described, json!({"limit": 1000})), 30);
    let least = json!({"type": "integer", "maximum": 5});
    assert_eq!(count(least, json!({})), 5);
    let two = json!({"limit": integer(), "per_page": {"type": "integer", "default": 30}, "page": integer()});
    let two = paging(two, json!({}));
    for (query, size) in [
        (json!({"per_page": 30}), 30),
        (json!({"limit": 5, "per_page": 30}), 5),
        (json!({"per_page": 6}), 6),
    ] {
        assert_eq!(page(&two, &items, query).items.len(), size);
    }
    // Where nothing leads on, nothing is left out that isn't asked to be.
    let alone = paging(json!({"limit": integer()}), json!({}));
    assert_eq!(page(&alone, &items, json!({})).items.len(), 150);
    let none = paging(json!({}), json!({}));
    assert_eq!(page(&none, &items, json!({"limit": 3})).items.len(), 150);
}

#[test]
fn pages_are_counted_from_where_the_document_says() {
    let items = numbered(5);
    let by_number = |number: Value| paging(json!({"page": number, "size": integer()}), json!({}));
    let second = json!({"page": 2, "size": 2});
    assert_eq!(
        shown(&by_number(integer()), &items, second.clone()),
        "i2 i3"
    );
    for zero in [
        json!({"type": "integer", "default": 0}),
        json!({"type": "integer", "minimum": 0}),
        json!({"type": "integer", "description": "Zero-based page index (0..N)"}),
    ] {
        assert_eq!(shown(&by_number(zero), &items, second.clone()), "i4");
    }
    let one = json!({"type": "integer", "default": 1, "minimum": 0});
    assert_eq!(shown(&by_number(one.clone()), &items, second), "i2 i3");
    assert_eq!(
        shown(
            &by_number(one.clone()),
            &items,
            json!({"page": 0, "size": 2})
        ),
        "i0 i1"
    );
    let paging = by_number(one);
    let beyond = page(&paging, &items, json!({"page": 9, "size": 2}));
    assert_eq!(
        (
            beyond.items.len(),
            beyond.total,
            beyond.pages(),
            beyond.number()
        ),
        (0, 5, 3, 9)
    );
    assert!(!beyond.has_more() && beyond.has_previous());
    let scim = super::paging(
        json!({"startIndex": {"type": "integer", "minimum": 1}, "count": integer()}),
        json!({}),
    );
    assert_eq!(
        shown(&scim, &items, json!({"startIndex": 2, "count": 2})),
        "i1 i2"
    );
}

#[test]
fn a_page_that_no_one_can_count_to_is_empty() {
    let items = numbered(5);
    let paging = paging(
        json!({"page": integer(), "limit": integer(), "offset": integer()}),
        json!({}),
    );
    let far: Value = serde_json::from_str("1000000000000000000000000000000").expect("a number");
    for query in [
        json!({"page": far}),
        json!({"offset": far}),
        json!({"page": far, "limit": far}),
    ] {
        let page = page(&paging, &items, query);
        assert_eq!((page.items.len(), page.total), (0, 5));
        let _ = (page.number(), page.pages(), page.has_more());
        assert!(paging.link_header(&page, "", "/x").is_some());
    }
    assert_eq!(
        shown(
            &paging,
            &items,
            json!({"page": -3, "offset": -1, "limit": 2})
        ),
        "i0 i1"
    );
}

#[test]
fn the_first_page_of_a_long_list_reads_no_further() {
    let item = json!({"id": "x"});
    let paging = paging(
        json!({"limit": integer(), "cursor": text(), "q": text()}),
        json!({}),
    );
    let read = std::cell::Cell::new(0);
    let items = (0..1_000_000).map(|_| {
        read.set(read.get() + 1);
        ("x", &item)
    });
    let page = paging
        .page(items, Some(1_000_000), &Map::new())
        .expect("a page");
    assert_eq!(
        (page.items.len(), page.total, read.get()),
        (USUAL, 1_000_000, USUAL)
    );
}

#[test]
fn keys_lead_forwards_and_backwards() {
    let items = numbered(10);
    let paging = paging(
        json!({"limit": integer(), "starting_after": text(), "ending_before": text()}),
        json!({}),
    );
    assert_eq!(
        shown(&paging, &items, json!({"limit": 3, "starting_after": "i2"})),
        "i3 i4 i5"
    );
    assert_eq!(
        shown(&paging, &items, json!({"limit": 3, "ending_before": "i5"})),
        "i2 i3 i4"
    );
    assert_eq!(
        shown(&paging, &items, json!({"limit": 3, "ending_before": "i1"})),
        "i0"
    );
    assert_eq!(shown(&paging, &items, json!({"starting_after": "i9"})), "");
    assert_eq!(
        shown(&paging, &items, json!({"limit": 2, "starting_after": ""})),
        "i0 i1"
    );
    let middle = page(&paging, &items, json!({"limit": 3, "ending_before": "i5"}));
    assert!(middle.has_more() && middle.has_previous());
    assert_eq!(middle.next_cursor.as_deref(), Some("i4"));
    assert_eq!(middle.previous_cursor.as_deref(), Some("i2"));
    let query = json!({"starting_after": "gone"});
    let refused = paging.page(keyed(&items), None, query.as_object().expect("an object"));
    let violation = refused.expect_err("no such key");
    assert_eq!(
        violation.place,
        crate::validate::Place::Query("starting_after".to_owned())
    );
}

#[test]
fn opaque_cursors_lead_both_ways_and_past_items_that_are_gone() {
    let items = numbered(7);
    let paging = paging(json!({"limit": integer(), "cursor": text()}), json!({}));
    let first = page(&paging, &items, json!({"limit": 3}));
    assert_eq!(first.previous_cursor, None);
    let cursor = first.next_cursor.expect("a cursor");
    let second = page(&paging, &items, json!({"limit": 3, "cursor": cursor}));
    assert_eq!(second.items[0].0, "i3");
    let back = second.previous_cursor.expect("a cursor");
    assert_eq!(
        shown(&paging, &items, json!({"limit": 3, "cursor": back})),
        "i0 i1 i2"
    );
    let last = json!({"limit": 3, "cursor": second.next_cursor});
    assert_eq!(shown(&paging, &items, last.clone()), "i6");
    assert_eq!(page(&paging, &items, last).next_cursor, None);
    let mut fewer = items.clone();
    fewer.remove(2);
    let goes_on = json!({"limit": 3, "cursor": cursor});
    assert_eq!(shown(&paging, &fewer, goes_on.clone()), "i3 i4 i5");
    let mut more = items.clone();
    more.insert(0, json!({"id": "new"}));
    assert_eq!(shown(&paging, &more, goes_on), "i3 i4 i5");
    let query = json!({"cursor": "made up"});
    assert!(
        paging
            .page(keyed(&items), None, query.as_object().expect("an object"))
            .is_err()
    );
}

#[test]
fn a_key_that_is_a_number_has_a_place_without_its_item() {
    let items: Vec<Value> = [1, 2, 5, 9]
        .iter()
        .map(|n| json!({"id": n.to_string()}))
        .collect();
    let paging = paging(
        json!({"since": integer(), "per_page": integer()}),
        json!({}),
    );
    assert_eq!(shown(&paging, &items, json!({"since": 0})), "1 2 5 9");
    assert_eq!(
        shown(&paging, &items, json!({"since": 3, "per_page": 1})),
        "5"
    );
    assert_eq!(shown(&paging, &items, json!({"since": 5})), "9");
    assert_eq!(shown(&paging, &items, json!({"since": 99})), "");
}
