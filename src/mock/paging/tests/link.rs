use super::*;

#[test]
fn links_keep_the_rest_of_the_query() {
    let items = numbered(50);
    let target = "/x?tag=a%20b&page=2&per_page=10&tag=c";
    let numbers = paging(json!({"page": integer(), "per_page": integer()}), json!({}));
    let second = page(&numbers, &items, json!({"page": 2, "per_page": 10}));
    let url = |page: u8| format!("<http://h/x?tag=a%20b&page={page}&per_page=10&tag=c>");
    assert_eq!(
        numbers.link_header(&second, "http://h", target),
        Some(format!(
            "{}; rel=\"first\", {}; rel=\"prev\", {}; rel=\"next\", {}; rel=\"last\"",
            url(1),
            url(1),
            url(3),
            url(5)
        ))
    );
    let first = page(&numbers, &items, json!({"per_page": 10}));
    let next = numbers.target(&first, Turn::Next, "/x?per_page=10");
    assert_eq!(next.as_deref(), Some("/x?per_page=10&page=2"));
    assert_eq!(numbers.target(&first, Turn::Previous, "/x"), None);
    let beyond = page(&numbers, &items, json!({"page": 99, "per_page": 10}));
    let back = numbers.target(&beyond, Turn::Previous, "/x?page=99");
    assert_eq!(back.as_deref(), Some("/x?page=5"));
    let all = page(&numbers, &items, json!({"per_page": 100}));
    assert_eq!(numbers.link_header(&all, "", "/x"), None);
}

#[test]
fn links_are_written_as_each_way_of_paging_takes_them() {
    let items = numbered(50);
    let offsets = paging(json!({"offset": integer(), "limit": integer()}), json!({}));
    let second = page(&offsets, &items, json!({"offset": 15, "limit": 10}));
    let at = |turn| {
        offsets
            .target(&second, turn, "/x?offset=15")
            .expect("a page")
    };
    assert_eq!(at(Turn::Next), "/x?offset=25");
    assert_eq!(at(Turn::Previous), "/x?offset=5");
    assert_eq!(at(Turn::First), "/x?offset=0");
    assert_eq!(at(Turn::Last), "/x?offset=40");
    let keys = paging(
        json!({"starting_after": text(), "ending_before": text(), "limit": integer()}),
        json!({}),
    );
    let second = page(&keys, &items, json!({"starting_after": "i9", "limit": 10}));
    let at = |turn| keys.target(&second, turn, "/x?limit=10&starting_after=i9");
    assert_eq!(
        at(Turn::Next).as_deref(),
        Some("/x?limit=10&starting_after=i19")
    );
    assert_eq!(
        at(Turn::Previous).as_deref(),
        Some("/x?limit=10&ending_before=i10")
    );
    assert_eq!(at(Turn::First).as_deref(), Some("/x?limit=10"));
    assert_eq!(at(Turn::Last), None);
    let deep =
        json!({"page": {"type": "object", "properties": {"number": integer(), "size": integer()}}});
    let deep = paging(deep, json!({}));
    let second = page(&deep, &items, json!({"page": {"number": 2, "size": 5}}));
    let next = deep.target(&second, Turn::Next, "/x?page[number]=2&page[size]=5");
    assert_eq!(
        next.as_deref(),
        Some("/x?page%5Bnumber%5D=3&page%5Bsize%5D=5")
    );
    let hostile = "/x?a=%0d%0a\"<>\u{e9}&offset=15";
    let next = offsets.link_header(&page(&offsets, &items, json!({"limit": 10})), "", hostile);
    let next = next.expect("links");
    assert!(
        next.starts_with("</x?a=%0d%0a%22%3C%3E%C3%A9&offset=0>"),
        "{next}"
    );
}
