//! What lists answer, in every media type, that nobody wrote: the page that was asked for, and the
//! numbers that go with it.

use crate::harness::{Answer, Counterpart};
use counterpart::contract::Contract;
use counterpart::host::Host;
use counterpart::wire::Method;
use serde_json::{Value, json};

fn of(paths: &str, schemas: &str) -> Counterpart {
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n{paths}\ncomponents:\n  schemas:\n{schemas}"
    );
    let contract = Contract::from_text("t.yaml", &text).unwrap_or_else(|errors| panic!("{errors}"));
    Counterpart::of(Host::new(vec![("t".to_owned(), contract)]))
}

fn ids(rows: &Value) -> Vec<Value> {
    let rows = rows.as_array().expect("rows");
    rows.iter().map(|row| row["id"].clone()).collect()
}

const SALES: &str = "
  /sales:
    get:
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
        - {name: offset, in: query, schema: {type: integer}}
        - {name: region, in: query, schema: {type: string}}
      responses:
        '200':
          description: All
          headers: {X-Total-Count: {schema: {type: integer}}, Link: {schema: {type: string}}}
          content:
            text/csv: {schema: {type: array, items: {$ref: '#/components/schemas/Sale'}}}
            application/xml: {schema: {$ref: '#/components/schemas/Sales'}}
            application/json: {schema: {type: object, properties: {total: {type: integer}, rows: {type: array, items: {$ref: '#/components/schemas/Sale'}}}}}
  /exports:
    get:
      responses:
        '200':
          description: All
          headers: {X-Total-Count: {schema: {type: integer}}, Link: {schema: {type: string}}}
          content: {text/csv: {schema: {type: array, items: {$ref: '#/components/schemas/Sale'}}}}";
const SALE: &str = "
    Sale: {type: object, xml: {name: sale}, required: [id, region], properties: {id: {type: integer}, region: {type: string}}}
    Sales: {type: object, xml: {name: sales}, required: [sale], properties: {count: {type: integer, xml: {attribute: true}}, sale: {type: array, items: {$ref: '#/components/schemas/Sale'}}}}
";

#[test]
fn a_list_is_the_same_page_in_every_media_type_and_its_header_fields_tell_of_that() {
    let shop = of(SALES, SALE);
    let ask = |query: &str, accept: &str| {
        let answer = shop.get(&format!("/sales{query}")).header("accept", accept);
        answer.send().is(200)
    };
    let json = ask("?limit=1&offset=1", "application/json");
    let row = json.json()["rows"][0].clone();
    assert_eq!(json.json(), json!({"total": 2, "rows": [row]}));
    let (id, region) = (&row["id"], row["region"].as_str().expect("a text"));
    let csv = ask("?limit=1&offset=1", "text/csv");
    assert_eq!(csv.text, format!("id,region\r\n{id},{region}\r\n"));
    let xml = ask("?limit=1&offset=1", "application/xml");
    let shown =
        format!("<sales count=\"2\"><sale><id>{id}</id><region>{region}</region></sale></sales>");
    assert!(xml.text.trim_end().ends_with(&shown), "{}", xml.text);
    for answer in [&json, &csv, &xml] {
        assert_eq!(answer.header("x-total-count"), "2");
        assert_eq!(answer.header("link"), json.header("link"));
    }
    let behind = ask("?offset=9", "application/xml");
    assert!(
        behind
            .text
            .trim_end()
            .ends_with("<sales count=\"2\"></sales>"),
        "{}",
        behind.text
    );
    let whole = shop.get("/exports").send().is(200);
    assert_eq!(whole.header("x-total-count"), "2");
    assert_eq!(whole.text.lines().count(), 3);
    assert!(whole.headers.get("link").is_none());
}

#[test]
fn rows_that_are_made_up_say_what_a_filter_asks_of_them() {
    let shop = of(SALES, SALE);
    let sales = |query: &str| {
        shop.get(&format!("/sales{query}"))
            .header("accept", "application/json")
            .send()
    };
    let all = sales("").is(200).json();
    let one = all["rows"][1].clone();
    let region = one["region"].as_str().expect("a text");
    let chosen = sales(&format!("?region={region}")).is(200);
    assert_eq!(chosen.json(), json!({"total": 1, "rows": [one]}));
    assert_eq!(chosen.header("x-total-count"), "1");
    let said = sales("?region=Mars").is(200);
    assert_eq!(ids(&said.json()["rows"]), ids(&all["rows"]));
    for row in said.json()["rows"].as_array().expect("rows") {
        assert_eq!(row["region"], "Mars");
    }
}

#[test]
fn a_filter_that_leaves_no_item_leaves_none_to_count() {
    let paths = SALES.replace("/exports:", "/sales/{id}:\n    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]");
    let shop = of(&paths, SALE);
    let none = shop
        .get("/sales?region=Mars")
        .header("accept", "text/csv")
        .send()
        .is(200);
    assert_eq!(
        (none.header("x-total-count"), none.text.lines().count()),
        ("0", 1)
    );
}

const CHARGES: &str = "
  /charges:
    get:
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
        - {name: starting_after, in: query, schema: {type: string}}
        - {name: page, in: query, schema: {type: integer}}
      responses: {'200': {description: All, content: {application/json: {schema: {type: object, required: [data, has_more], properties: {
        has_more: {type: boolean}, total: {type: integer, minimum: 5}, page: {type: integer, maximum: 3},
        data: {type: array, MORE items: {type: object, required: [id], properties: {id: {type: string}}}}}}}}}}";

#[test]
fn who_asks_for_less_than_the_schema_lets_a_list_have_is_told_the_truth() {
    let shop = of(&CHARGES.replace("MORE", "minItems: 3,"), "    A: {}");
    let whole = shop.get("/charges").send().is(200).json();
    assert_eq!(whole["data"].as_array().map(Vec::len), Some(3));
    for query in ["?limit=1", "?limit=1&page=2", "?page=9"] {
        let page = shop.get(&format!("/charges{query}")).send().is(200).json();
        assert_eq!(
            (&page["data"], &page["has_more"]),
            (&whole["data"], &json!(false)),
            "{query}"
        );
        assert_eq!(page["total"], 5, "the nearest that it may be");
    }
    assert_eq!(shop.get("/charges?page=9").send().json()["page"], 3);
}

#[test]
fn the_id_of_a_row_is_where_the_next_page_begins() {
    let shop = of(&CHARGES.replace("MORE", ""), "    A: {}");
    let all = shop.get("/charges").send().is(200).json();
    let (first, second) = (&all["data"][0], &all["data"][1]);
    let page = shop.get("/charges?limit=1").send().is(200).json();
    assert_eq!(
        (&page["data"], &page["has_more"]),
        (&json!([first]), &json!(true))
    );
    let after = format!(
        "/charges?limit=1&starting_after={}",
        first["id"].as_str().expect("an id")
    );
    let page = shop.get(&after).send().is(200).json();
    assert_eq!(
        (&page["data"], &page["has_more"]),
        (&json!([second]), &json!(false))
    );
    let unknown = shop
        .get("/charges?limit=1&starting_after=none")
        .send()
        .is(200)
        .json();
    assert_eq!(
        (&unknown["data"], &unknown["has_more"]),
        (&json!([first]), &json!(true))
    );
}

#[test]
fn the_cursor_of_an_edge_is_where_the_next_page_begins() {
    let films = of(
        "
  /films:
    get:
      parameters:
        - {name: first, in: query, schema: {type: integer}}
        - {name: after, in: query, schema: {type: string}}
        - {name: before, in: query, schema: {type: string}}
        - {name: title, in: query, schema: {type: string}}
      responses: {'200': {description: All, content: {application/json: {schema: {type: object, required: [edges, pageInfo], properties: {
        totalCount: {type: integer},
        pageInfo: {type: object, required: [hasNextPage, hasPreviousPage, startCursor, endCursor], properties: {
          hasNextPage: {type: boolean}, hasPreviousPage: {type: boolean},
          startCursor: {type: string, nullable: true}, endCursor: {type: string, nullable: true}}},
        edges: {type: array, items: {type: object, required: [cursor, node], properties: {cursor: {type: string}, node: {$ref: '#/components/schemas/Film'}}}}}}}}}}",
        "    Film: {type: object, required: [id, title], properties: {id: {type: string}, title: {type: string}}}",
    );
    let ask = |query: &str| films.get(&format!("/films{query}")).send().is(200).json();
    let all = ask("");
    let cursor = |number: usize| all["edges"][number]["cursor"].as_str().expect("a cursor");
    let info = |next: bool, previous: bool, at: usize| json!({"hasNextPage": next, "hasPreviousPage": previous, "startCursor": cursor(at), "endCursor": cursor(at)});
    let page = ask("?first=1");
    assert_eq!(
        (&page["edges"], &page["pageInfo"]),
        (&json!([all["edges"][0]]), &info(true, false, 0))
    );
    let page = ask(&format!("?first=1&after={}", cursor(0)));
    assert_eq!(
        (&page["edges"], &page["pageInfo"]),
        (&json!([all["edges"][1]]), &info(false, true, 1))
    );
    let page = ask(&format!("?first=1&before={}", cursor(1)));
    assert_eq!(
        (&page["edges"], &page["pageInfo"]),
        (&json!([all["edges"][0]]), &info(true, false, 0))
    );
    let named = ask("?title=Alien");
    assert_eq!(
        (&named["totalCount"], &named["edges"][1]["node"]["title"]),
        (&json!(2), &json!("Alien"))
    );
}

fn spring(parameters: &str) -> Counterpart {
    of(
        &format!(
            "
  /orders:
    get:
      parameters: [{parameters}]
      responses: {{'200': {{description: All, content: {{'*/*': {{schema: {{$ref: '#/components/schemas/PageOrder'}}}}}}}}}}"
        ),
        "
    Pageable: {type: object, properties: {page: {type: integer, minimum: 0}, size: {type: integer}, sort: {type: array, items: {type: string}}}}
    Sort: {type: object, properties: {sorted: {type: boolean}, unsorted: {type: boolean}, empty: {type: boolean}}}
    PageOrder:
      type: object
      properties:
        totalPages: {type: integer, format: int32}
        totalElements: {type: integer, format: int64}
        first: {type: boolean}
        last: {type: boolean}
        size: {type: integer, format: int32}
        content: {type: array, items: {type: object, properties: {id: {type: integer}}}}
        number: {type: integer, format: int64}
        numberOfElements: {type: integer}
        empty: {type: boolean}
        sort: {$ref: '#/components/schemas/Sort'}
        pageable: {type: object, properties: {
          offset: {type: integer, format: int64}, pageNumber: {type: integer, format: int32}, pageSize: {type: integer},
          paged: {type: boolean}, unpaged: {type: boolean}, sort: {$ref: '#/components/schemas/Sort'}}}
",
    )
}

const PAGE_AND_SIZE: &str = "{name: page, in: query, schema: {type: integer}}, {name: size, in: query, schema: {type: integer}}, {name: sort, in: query, schema: {type: array, items: {type: string}}}";

#[test]
fn the_pages_of_spring_are_counted_from_zero() {
    let pageable = "{name: pageable, in: query, required: true, schema: {$ref: '#/components/schemas/Pageable'}}";
    for parameters in [PAGE_AND_SIZE, pageable] {
        let shop = spring(parameters);
        let unsorted = json!({"sorted": false, "unsorted": true, "empty": true});
        let rows = shop.get("/orders?page=0").send().is(200).json()["content"].clone();
        for page in [0, 1] {
            let shown = shop
                .get(&format!("/orders?page={page}&size=1"))
                .send()
                .is(200)
                .json();
            let mut told = shown.clone();
            told["content"] = json!(null);
            assert_eq!(shown["content"], json!([rows[page]]), "{parameters}");
            assert_eq!(
                told,
                json!({"totalPages": 2, "totalElements": 2, "first": page == 0, "last": page == 1, "size": 1,
                       "content": null, "number": page, "numberOfElements": 1, "empty": false, "sort": unsorted,
                       "pageable": {"offset": page, "pageNumber": page, "pageSize": 1, "paged": true,
                                    "unpaged": false, "sort": unsorted}})
            );
        }
        let sorted = shop
            .get("/orders?page=0&sort=id,desc")
            .send()
            .is(200)
            .json();
        assert_eq!(
            sorted["sort"],
            json!({"sorted": true, "unsorted": false, "empty": false})
        );
        let numbers = ids(&sorted["content"]);
        assert!(numbers[0].as_i64() >= numbers[1].as_i64(), "{numbers:?}");
    }
}

#[test]
fn a_page_beyond_all_is_the_page_that_was_asked_for() {
    let shop = spring(PAGE_AND_SIZE);
    let page = shop
        .get("/orders?page=9223372036854775807&size=50")
        .send()
        .is(200)
        .json();
    assert_eq!(page["number"], 9_223_372_036_854_775_807_i64);
    // What an int32 can't say is the nearest that it can.
    assert_eq!(page["pageable"]["pageNumber"], i32::MAX);
    assert_eq!(
        (&page["content"], &page["last"], &page["totalElements"]),
        (&json!([]), &json!(true), &json!(2))
    );
    let far = shop
        .get("/orders?page=99999999999999999999999")
        .send()
        .is(200)
        .json();
    assert_eq!(far["content"], json!([]));
}

const BOOKS: &str = "
  /books:
    get:
      parameters: [{name: limit, in: query, schema: {type: integer}}, {name: author, in: query, schema: {type: string}}]
      responses: {'200': {description: All, headers: {X-Total-Count: {schema: {type: integer}}}, content: {application/xml: {schema: {$ref: '#/components/schemas/Books'}}}}}
    post:
      requestBody: {required: true, content: {application/xml: {schema: {$ref: '#/components/schemas/Book'}}}}
      responses: {'201': {description: Made, headers: {Location: {schema: {type: string}}}, content: {application/xml: {schema: {$ref: '#/components/schemas/Book'}}}}}
  /books/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: One, content: {application/xml: {schema: {$ref: '#/components/schemas/Book'}}}}}}
    put:
      requestBody: {required: true, content: {application/xml: {schema: {$ref: '#/components/schemas/Book'}}}}
      responses: {'200': {description: One, content: {application/xml: {schema: {$ref: '#/components/schemas/Book'}}}}}
    delete: {responses: {'204': {description: Gone}}}
  /notes:
    post:
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: {'201': {description: Made, content: {application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Note'}}}}}
  /notes/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: One, content: {application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Note'}}}}}}";
const BOOK: &str = "
    Note: {type: object, properties: {id: {type: integer}, text: {type: string}}}
    Books: {type: object, xml: {name: books}, properties: {total: {type: integer, xml: {attribute: true}}, book: {type: array, items: {$ref: '#/components/schemas/Book'}}}}
    Book: {type: object, xml: {name: book}, required: [title], properties: {
      id: {type: integer, readOnly: true, xml: {attribute: true}}, title: {type: string}, author: {type: string},
      tags: {type: array, xml: {wrapped: true}, items: {type: string, xml: {name: tag}}}}}
";

#[test]
fn what_has_no_form_but_xml_is_remembered_and_shown_in_it() {
    let shop = of(BOOKS, BOOK);
    let xml = |answer: &Answer| {
        let (_, body) = answer.text.split_once("?>\n").expect("a declaration");
        body.trim_end().to_owned()
    };
    let send = |method: Method, target: &str, body: &str| {
        shop.ask(method, target)
            .body("application/xml", body)
            .send()
    };
    let made = send(
        Method::POST,
        "/books",
        "<book><title>Dune</title><author>Frank</author><tags><tag>a</tag><tag>b</tag></tags></book>",
    )
    .is(201);
    let location = made.header("location");
    let id = location.strip_prefix("/books/").expect("an id");
    let dune = format!(
        "<book id=\"{id}\"><title>Dune</title><author>Frank</author><tags><tag>a</tag><tag>b</tag></tags></book>"
    );
    let shown = shop.get(location).send().is(200);
    assert_eq!((xml(&made), xml(&shown)), (dune.clone(), dune.clone()));
    assert_eq!(made.header("etag"), shown.header("etag"));
    let listed = shop.get("/books?author=Frank").send().is(200);
    assert_eq!(xml(&listed), format!("<books total=\"1\">{dune}</books>"));
    assert_eq!(listed.header("x-total-count"), "1");
    let put = send(Method::PUT, location, "<book><title>Dune 2</title></book>").is(200);
    assert_eq!(
        xml(&put),
        format!("<book id=\"{id}\"><title>Dune 2</title></book>")
    );
    assert_eq!(xml(&shop.get(location).send().is(200)), xml(&put));
    shop.ask(Method::DELETE, location).send().is(204);
    shop.get(location).send().is(404);
    let none = shop.get("/books?author=Frank").send().is(200);
    assert_eq!(
        (xml(&none).as_str(), none.header("x-total-count")),
        ("<books total=\"0\"></books>", "0")
    );
}

#[test]
fn what_has_no_form_but_a_form_is_remembered() {
    let shop = of(BOOKS, BOOK);
    let made = shop.ask(Method::POST, "/notes");
    let made = made
        .body("application/x-www-form-urlencoded", "text=a+b")
        .send()
        .is(201);
    let shown = shop.get(made.header("location")).send().is(200);
    assert_eq!(
        (made.text.as_str(), shown.text.as_str()),
        ("id=1&text=a+b", "id=1&text=a+b")
    );
}

#[test]
fn what_is_added_is_a_node_of_its_connection() {
    let films = of(
        "
  /films:
    get:
      parameters: [{name: first, in: query, schema: {type: integer}}, {name: after, in: query, schema: {type: string}}]
      responses: {'200': {description: All, content: {application/json: {schema: {type: object, required: [edges], properties: {
        pageInfo: {type: object, required: [hasNextPage, endCursor], properties: {hasNextPage: {type: boolean}, endCursor: {type: string, nullable: true}}},
        edges: {type: array, items: {type: object, required: [cursor, node], properties: {cursor: {type: string}, node: {$ref: '#/components/schemas/Film'}}}}}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Film'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Film'}}}}}
  /films/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Film'}}}}}}",
        "    Film: {type: object, required: [id, title], properties: {id: {type: string}, title: {type: string}}}",
    );
    let get = |target: &str| films.get(target).send().is(200).json();
    let walk = || {
        let mut nodes = Vec::new();
        let mut target = "/films?first=1".to_owned();
        loop {
            let page = get(&target);
            let edge = &page["edges"][0];
            assert_eq!(edge["cursor"], page["pageInfo"]["endCursor"]);
            nodes.push(edge["node"].clone());
            if page["pageInfo"]["hasNextPage"] == false {
                return nodes;
            }
            let after = edge["cursor"].as_str().expect("a cursor");
            target = format!("/films?first=1&after={after}");
        }
    };
    let before = walk();
    for node in &before {
        let id = node["id"].as_str().expect("an id");
        assert_eq!(get(&format!("/films/{id}")), *node);
    }
    let made = films.ask(Method::POST, "/films");
    let made = made
        .json(json!({"id": "f9", "title": "Alien"}))
        .send()
        .is(201)
        .json();
    let mut after = before.clone();
    after.push(made);
    assert_eq!(walk(), after);
}

const EVENTS: &str = "
  /events:
    get:
      parameters:
        - {name: page, in: query, schema: {type: integer}}
        - {name: per_page, in: query, schema: {type: integer}}
        - {name: kind, in: query, schema: {type: string}}
        - {name: dateFrom, in: query, schema: {type: string, format: date}}
        - {name: dateTo, in: query, schema: {type: string, format: date}}
      responses:
        '200':
          description: All
          headers:
            X-Pagination: {content: {application/json: {schema: {type: object, properties: {totalCount: {type: integer}, pageSize: {type: integer}, currentPage: {type: integer}, totalPages: {type: integer}, hasNext: {type: boolean}, hasPrevious: {type: boolean}}}}}}
            X-Total-Count: {schema: {type: integer}}
            Content-Range: {schema: {type: string}}
            Link: {schema: {type: string}}
          content:
            application/json: {schema: {type: object, required: [events], properties: {
              events: {type: array, items: {$ref: '#/components/schemas/Event'}},
              summary: {type: object, properties: {count: {type: integer}, totalPrice: {type: number}, averagePrice: {type: number}, minPrice: {type: number}, price_max: {type: number}}}}}}
            application/x-ndjson: {schema: {$ref: '#/components/schemas/Event'}}
  /doc:
    get: {responses: {'200': {description: One, headers: {Link: {schema: {type: string}}, Content-Range: {schema: {type: string}}}, content: {application/json: {schema: {type: object, properties: {title: {type: string}}}}}}}}
  /part:
    get: {responses: {'206': {description: A part, headers: {Content-Range: {schema: {type: string}}}, content: {text/plain: {schema: {type: string}}}}}}";
const EVENT: &str = "
    Event: {type: object, required: [id, bookingDate, kind, price], properties: {id: {type: integer}, bookingDate: {type: string, format: date}, kind: {type: string}, price: {type: number}}}
";

#[test]
fn one_field_that_holds_all_tells_of_the_page_and_the_range_is_of_items() {
    let shop = of(EVENTS, EVENT);
    let page = shop.get("/events?per_page=1&page=2").send().is(200);
    let told: Value = serde_json::from_str(page.header("x-pagination")).expect("JSON");
    assert_eq!(
        told,
        json!({"totalCount": 2, "pageSize": 1, "currentPage": 2, "totalPages": 2, "hasNext": false, "hasPrevious": true})
    );
    assert_eq!(page.header("content-range"), "items 1-1/2");
    let behind = shop.get("/events?per_page=1&page=9").send().is(200);
    assert_eq!(behind.header("content-range"), "items */2");
    // What is no list has no items, and leads to itself.
    let doc = shop.get("/doc").send().is(200);
    assert!(doc.headers.get("content-range").is_none());
    assert_eq!(doc.header("link"), "</doc>; rel=\"self\"");
    let part = shop.get("/part").send().is(206);
    let range = part.header("content-range");
    assert!(range.starts_with("bytes 0-"), "{range}");
}

#[test]
fn rows_to_a_line_are_those_of_the_list() {
    let shop = of(EVENTS, EVENT);
    let ask = |query: &str, accept: &str| {
        let answer = shop.get(&format!("/events{query}"));
        answer.header("accept", accept).send().is(200)
    };
    let rows = ask("", "application/json").json()["events"].clone();
    for (query, shown) in [
        ("", &rows.as_array().expect("rows")[..]),
        ("?per_page=1&page=2", &[rows[1].clone()]),
        ("?per_page=1&page=99", &[]),
    ] {
        let lines = ask(query, "application/x-ndjson");
        let read = lines.text.lines().map(serde_json::from_str::<Value>);
        let read: Result<Vec<Value>, _> = read.collect();
        assert_eq!(read.expect("JSON"), shown, "{query}");
        assert_eq!(lines.header("x-total-count"), "2");
    }
}

#[test]
fn what_is_summed_up_of_rows_is_true_of_them() {
    let shop = of(EVENTS, EVENT);
    let all = shop.get("/events").send().is(200).json();
    let price = |number: usize| all["events"][number]["price"].as_f64().expect("a price");
    let (one, two) = (price(0), price(1));
    let is_near = |told: &Value, wanted: f64| {
        let told = told.as_f64().expect("a number");
        assert!((told - wanted).abs() < 0.01, "{told} {wanted}");
    };
    // Of all pages, as the count is.
    for query in ["", "?per_page=1"] {
        let shown = shop.get(&format!("/events{query}")).send().is(200).json();
        let summary = &shown["summary"];
        assert_eq!(summary["count"], 2);
        is_near(&summary["totalPrice"], one + two);
        is_near(&summary["averagePrice"], (one + two) / 2.0);
        is_near(&summary["minPrice"], one.min(two));
        is_near(&summary["price_max"], one.max(two));
    }
    let none = shop.get("/events?dateFrom=2999-01-01").send().is(200);
    assert_eq!(none.json()["summary"], json!({"count": 0, "totalPrice": 0}));
}

#[test]
fn a_range_of_dates_is_one_of_the_only_date_that_rows_have() {
    let shop = of(EVENTS, EVENT);
    let all = shop.get("/events").send().is(200).json()["events"].clone();
    let days = all.as_array().expect("rows").iter();
    let days: Vec<&str> = days.filter_map(|row| row["bookingDate"].as_str()).collect();
    for (row, day) in days.iter().enumerate() {
        let within = shop.get(&format!("/events?dateFrom={day}&dateTo={day}"));
        let shown = within.send().is(200).json()["events"].clone();
        let known = shown.as_array().expect("rows");
        assert!(known.contains(&all[row]), "{day}");
        assert!(known.iter().all(|row| row["bookingDate"] == *day));
    }
}

#[test]
fn the_page_that_is_first_is_the_first_though_there_is_nothing() {
    let parameters = format!("{PAGE_AND_SIZE}, {{name: id, in: query, schema: {{type: integer}}}}");
    let shop = spring(&parameters);
    let page = |number: usize| {
        let target = format!("/orders?size=1&page={number}");
        shop.get(&target).send().is(200).json()
    };
    assert_eq!(page(9)["first"], false);
    assert_eq!(page(0)["first"], true);
}

#[test]
fn the_nodes_of_a_connection_are_those_of_its_edges_from_either_end() {
    let films = of(
        "
  /films:
    get:
      parameters:
        - {name: first, in: query, schema: {type: integer}}
        - {name: after, in: query, schema: {type: string}}
        - {name: last, in: query, schema: {type: integer}}
        - {name: before, in: query, schema: {type: string}}
      responses: {'200': {description: All, content: {application/json: {schema: {type: object, required: [edges, nodes], properties: {
        nodes: {type: array, items: {$ref: '#/components/schemas/Film'}},
        pageInfo: {type: object, required: [hasNextPage, hasPreviousPage], properties: {hasNextPage: {type: boolean}, hasPreviousPage: {type: boolean}}},
        edges: {type: array, items: {type: object, required: [cursor, node], properties: {cursor: {type: string}, node: {$ref: '#/components/schemas/Film'}}}}}}}}}}",
        "    Film: {type: object, required: [id, title], properties: {id: {type: string}, title: {type: string}}}",
    );
    let all = films.get("/films").send().is(200).json();
    assert_eq!(all["edges"].as_array().map(Vec::len), Some(2));
    for (query, edge) in [("?first=1", 0), ("?last=1", 1)] {
        let page = films.get(&format!("/films{query}")).send().is(200).json();
        assert_eq!(page["edges"], json!([all["edges"][edge]]), "{query}");
        assert_eq!(page["nodes"], json!([page["edges"][0]["node"]]));
        let told = json!({"hasNextPage": edge == 0, "hasPreviousPage": edge == 1});
        assert_eq!(page["pageInfo"], told, "{query}");
    }
}

/// A client that sends what the document shows has taken no page before.
#[test]
fn a_cursor_that_the_document_writes_out_leads_to_the_first_page() {
    let notes = of(
        "
  /notes:
    get:
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
        - {name: cursor, in: query, example: MTAw, schema: {type: string, default: start}}
      responses:
        '200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Note'}}}}}
        '400': {description: Wrong}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}
  /notes/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}}",
        "    Note: {type: object, required: [id], properties: {id: {type: string}}}",
    );
    let post = notes.ask(Method::POST, "/notes");
    post.json(json!({"id": "a"})).send().is(201);
    let whole = ids(&notes.get("/notes?limit=9").send().is(200).json());
    assert!(whole.contains(&json!("a")), "{whole:?}");
    for query in ["", "&cursor=MTAw", "&cursor=start"] {
        let page = notes.get(&format!("/notes?limit=2{query}")).send().is(200);
        assert_eq!(ids(&page.json()), whole[..2], "{query}");
    }
    notes.get("/notes?cursor=MTAx").send().is(400);
}

#[test]
fn what_must_be_beside_a_list_does_not_change_how_many_it_says_there_are() {
    let charges = of(
        "
  /charges:
    get:
      parameters: [{name: limit, in: query, schema: {type: integer}}]
      responses: {'200': {description: All, content: {application/json: {schema: {type: object, required: [object, url, data, has_more], properties: {
        object: {type: string, enum: [list]}, url: {type: string}, data: {type: array, items: {$ref: '#/components/schemas/Charge'}},
        has_more: {type: boolean}, total_count: {type: integer}}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Charge'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Charge'}}}}}
  /charges/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Charge'}}}}}}",
        "    Charge: {type: object, required: [id], properties: {id: {type: string}}}",
    );
    let post = charges.ask(Method::POST, "/charges");
    post.json(json!({"id": "a"})).send().is(201);
    let whole = charges.get("/charges").send().is(200).json();
    let count = whole["data"].as_array().map(Vec::len);
    let page = charges.get("/charges?limit=1").send().is(200).json();
    assert_eq!(ids(&page["data"]).len(), 1);
    assert_eq!(
        (page["has_more"].clone(), page["object"].clone()),
        (json!(true), json!("list"))
    );
    assert_eq!(page["total_count"], json!(count), "{page}");
}

#[test]
fn rows_are_sorted_and_chosen_by_what_stands_in_their_attributes() {
    let articles = of(
        "
  /articles:
    get:
      parameters:
        - {name: sort, in: query, schema: {type: string}}
        - {name: 'filter[status]', in: query, schema: {type: string}}
      responses: {'200': {description: All, content: {application/vnd.api+json: {schema: {type: object, required: [data], properties: {data: {type: array, items: {$ref: '#/components/schemas/Article'}}}}}}}}
    post:
      requestBody: {content: {application/vnd.api+json: {schema: {type: object, required: [data], properties: {data: {$ref: '#/components/schemas/Article'}}}}}}
      responses: {'201': {description: Made, content: {application/vnd.api+json: {schema: {type: object, required: [data], properties: {data: {$ref: '#/components/schemas/Article'}}}}}}}
  /articles/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/vnd.api+json: {schema: {type: object, required: [data], properties: {data: {$ref: '#/components/schemas/Article'}}}}}}}}",
        "    Article: {type: object, required: [type, id, attributes], properties: {type: {type: string, enum: [articles]}, id: {type: string}, attributes: {type: object, required: [title, status], properties: {title: {type: string}, status: {type: string}}}}}",
    );
    for (id, title, status) in [
        ("1", "Zebra", "gone"),
        ("2", "Aardvark", "gone"),
        ("3", "Moth", "new"),
    ] {
        let attributes = json!({"title": title, "status": status});
        let body = json!({"data": {"type": "articles", "id": id, "attributes": attributes}});
        let post = articles.ask(Method::POST, "/articles");
        let post = post.body("application/vnd.api+json", body.to_string());
        post.send().is(201);
    }
    let shown = |query: &str| {
        let answer = articles.get(&format!("/articles?{query}")).send().is(200);
        ids(&answer.json()["data"])
    };
    assert_eq!(shown("filter[status]=gone&sort=title"), ["2", "1"]);
    assert_eq!(shown("filter%5Bstatus%5D=gone&sort=-title"), ["1", "2"]);
    assert_eq!(shown("filter[status]=new"), ["3"]);
}

#[test]
fn the_total_size_of_files_is_what_their_sizes_come_to() {
    let files = of(
        "
  /files:
    get:
      responses: {'200': {description: All, content: {application/json: {schema: {type: object, required: [files, count, totalSize], properties: {
        files: {type: array, items: {$ref: '#/components/schemas/File'}}, count: {type: integer}, totalSize: {type: integer}}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/File'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/File'}}}}}
  /files/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/File'}}}}}}",
        "    File: {type: object, required: [id, size], properties: {id: {type: string}, size: {type: integer}}}",
    );
    let post = files.ask(Method::POST, "/files");
    post.json(json!({"id": "a", "size": 1000})).send().is(201);
    let shown = files.get("/files").send().is(200).json();
    let rows = shown["files"].as_array().expect("rows");
    let sizes = rows.iter().filter_map(|row| row["size"].as_i64());
    assert_eq!(shown["totalSize"], json!(sizes.sum::<i64>()), "{shown}");
    assert_eq!(shown["count"], json!(rows.len()), "{shown}");
}

#[test]
fn what_was_written_is_shown_item_by_item_where_a_media_type_has_items() {
    let contract = Contract::from_text(
        "chat.yaml",
        r"
openapi: 3.2.0
info: {title: Chat, version: '1'}
paths:
  /messages:
    get:
      responses:
        '200':
          description: All
          content:
            application/json: {schema: {type: object, required: [messages], properties: {messages: {type: array, items: {$ref: '#/components/schemas/Message'}}}}}
            application/jsonl: {itemSchema: {$ref: '#/components/schemas/Message'}}
            text/event-stream:
              itemSchema: {type: object, required: [data], properties: {id: {type: string}, data: {type: string, contentMediaType: application/json}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Message'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Message'}}}}}
components:
  schemas:
    Message:
      type: object
      required: [text]
      properties: {id: {type: integer, readOnly: true}, text: {type: string}, secret: {type: string, writeOnly: true}}
",
    );
    let contract = contract.unwrap_or_else(|errors| panic!("{errors}"));
    let api = Counterpart::of(Host::new(vec![("chat".to_owned(), contract)]));
    let made = api
        .ask(Method::POST, "/messages")
        .json(json!({"text": "Hello", "secret": "s"}))
        .send();
    assert_eq!(made.status, 201);
    let own = |body: &str| {
        let parsed: Value = serde_json::from_str(body).unwrap_or_default();
        parsed["text"] == "Hello" && parsed.get("secret").is_none()
    };
    let shown = |accept: &str| {
        let asked = api.get("/messages").header("accept", accept).send();
        assert_eq!(asked.status, 200);
        asked.text
    };
    let lines = shown("application/jsonl");
    assert!(lines.lines().any(own), "{lines}");
    let events = shown("text/event-stream");
    let mut data = events
        .lines()
        .filter_map(|line| line.strip_prefix("data: "));
    assert!(data.any(own), "{events}");
}

#[test]
fn a_list_is_chosen_and_sorted_by_what_its_parameters_are_by_default() {
    let contract = Contract::from_text(
        "issues.yaml",
        r"
openapi: 3.1.1
info: {title: Issues, version: '1'}
paths:
  /issues:
    get:
      parameters:
        - {name: state, in: query, schema: {enum: [open, closed, all], default: open}}
        - {name: sort, in: query, schema: {enum: [title, number], default: number}}
        - {name: direction, in: query, schema: {enum: [asc, desc], default: desc}}
      responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Issue'}}}}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Issue'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Issue'}}}}}
  /issues/{number}:
    parameters: [{name: number, in: path, required: true, schema: {type: integer}}]
    get: &one {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Issue'}}}}}}
    patch: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Issue'}}}}, <<: *one}
components:
  schemas:
    Issue:
      type: object
      properties: {number: {type: integer}, title: {type: string}, state: {enum: [open, closed]}}
",
    );
    let contract = contract.unwrap_or_else(|errors| panic!("{errors}"));
    let api = Counterpart::of(Host::new(vec![("issues".to_owned(), contract)]));
    let numbers = |target: &str| -> Vec<i64> {
        let rows = api.get(target).send().is(200).json();
        let rows = rows.as_array().expect("rows").iter();
        let numbers = rows.filter_map(|row| row["number"].as_i64());
        numbers.filter(|number| *number > 1_000_000).collect()
    };
    let rows = api.get("/issues").send().is(200).json();
    let mut made_up = rows.as_array().expect("rows").iter();
    assert!(made_up.all(|row| row["state"] == "open"), "{rows}");
    for number in [1_000_001, 1_000_003, 1_000_002] {
        api.ask(Method::POST, "/issues")
            .json(json!({"number": number, "title": "A", "state": "open"}))
            .send()
            .is(201);
    }
    api.patch("/issues/1000003")
        .json(json!({"state": "closed"}))
        .send()
        .is(200);
    assert_eq!(numbers("/issues"), [1_000_002, 1_000_001]);
    assert_eq!(numbers("/issues?state=closed"), [1_000_003]);
    let all = "/issues?state=all&direction=asc";
    assert_eq!(numbers(all), [1_000_001, 1_000_002, 1_000_003]);
}

/// What stands beside the rows is no page of them, wherever it is declared.
#[test]
fn the_page_is_cut_from_the_rows_and_not_from_what_stands_beside_them() {
    let list =
        |name: &str| format!("{name}: {{type: array, items: {{$ref: '#/components/schemas/R'}}}}");
    let named = |names: [&str; 2]| names.map(list).join(", ");
    let found = |path: &str, properties: &str, rows: &str| {
        let paths = format!(
            "
  {path}:
    get:
      parameters: [{{name: limit, in: query, schema: {{type: integer}}}}]
      responses: {{'200': {{description: A, content: {{application/json: {{schema: {{type: object, properties: {{{properties}}}}}}}}}}}}}"
        );
        let shop = of(
            &paths,
            "    R: {type: object, properties: {id: {type: integer}, name: {type: string}}}",
        );
        let shown = shop.get(&format!("{path}?limit=1")).send().is(200).json();
        let count = |value: Option<&Value>| value?.as_array().map(Vec::len);
        assert_eq!(count(shown.pointer(rows)), Some(1), "{shown}");
        let others = shown.as_object().expect("an object").iter();
        let mut others = others.filter(|(name, _)| !rows.starts_with(&format!("/{name}")));
        assert!(
            others.all(|(_, rows)| count(Some(rows)) == Some(2)),
            "{shown}"
        );
    };
    found("/search", &named(["facets", "results"]), "/results");
    found("/search", &named(["warnings", "matches"]), "/matches");
    found("/teams", &named(["members", "teams"]), "/teams");
    found("/all", &named(["owners", "data"]), "/data");
    let tags = "tags: {type: array, items: {type: object, properties: {text: {type: string}}}}";
    let keyed = format!("{tags}, {}", list("orders"));
    found("/found", &keyed, "/orders");
    let deep = format!(
        "{}, _embedded: {{type: object, properties: {{{}}}}}",
        list("links"),
        list("pets")
    );
    found("/found", &deep, "/_embedded/pets");
}

/// Slack's lists: what must be beside the rows is made up, and leads nowhere.
#[test]
fn no_cursor_is_made_up_where_nothing_comes_behind() {
    let chat = of(
        "
  /channels:
    get:
      parameters: [{name: limit, in: query, schema: {type: integer}}, {name: cursor, in: query, schema: {type: string}}]
      responses: {'200': {description: A, content: {application/json: {schema: {type: object, required: [ok, channels], properties: {
        ok: {type: boolean, enum: [true]}, channels: {type: array, items: {$ref: '#/components/schemas/C'}},
        response_metadata: {type: object, properties: {next_cursor: {type: string}}}}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/C'}}}}
      responses: {'201': {description: A, content: {application/json: {schema: {$ref: '#/components/schemas/C'}}}}}
  /channels/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: A, content: {application/json: {schema: {$ref: '#/components/schemas/C'}}}}}",
        "    C: {type: object, required: [id, name], properties: {id: {type: string}, name: {type: string}}}",
    );
    let page = |query: &str| chat.get(&format!("/channels{query}")).send().is(200).json();
    for query in ["", "?limit=2"] {
        let shown = page(query);
        let cursor = shown["response_metadata"].get("next_cursor");
        assert!(cursor.is_none_or(|cursor| cursor == ""), "{shown}");
    }
    let first = page("?limit=1");
    let cursor = first["response_metadata"]["next_cursor"]
        .as_str()
        .expect("a cursor");
    let next = page(&format!("?limit=1&cursor={cursor}"));
    assert_ne!(next["channels"][0]["id"], first["channels"][0]["id"]);
    // Where no refusal is documented, there is nothing behind what was never there.
    assert_eq!(page("?cursor=gone")["channels"], json!([]));
}

/// What is around the rows hangs on the path as they do.
#[test]
fn the_path_is_said_again_around_the_rows() {
    let member = "properties: {id: {type: string}, list_id: {type: string}, email: {type: string, format: email}}";
    let around = "members: {type: array, items: {$ref: '#/components/schemas/M'}}, list_id: {type: string}, total_items: {type: integer}";
    let list = format!(
        "{{'200': {{description: A, content: {{application/json: {{schema: {{type: object, required: [members, list_id, total_items], properties: {{{around}}}}}}}}}}}}}"
    );
    let one = "{'200': {description: A, content: {application/json: {schema: {$ref: '#/components/schemas/M'}}}}}";
    let id = "{name: list_id, in: path, required: true, schema: {type: string}}";
    let mail = of(
        &format!(
            "
  /lists/{{list_id}}/members:
    parameters: [{id}]
    get: {{responses: {list}}}
    post:
      requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/M'}}}}}}}}
      responses: {one}
  /lists/{{list_id}}/members/{{id}}:
    parameters: [{id}, {{name: id, in: path, required: true, schema: {{type: string}}}}]
    get: {{responses: {one}}}
  /lists/{{list_id}}/bounced:
    parameters: [{id}]
    get: {{responses: {list}}}"
        ),
        &format!("    M: {{type: object, required: [id, email], {member}}}"),
    );
    for path in ["members", "bounced"] {
        let shown = mail
            .get(&format!("/lists/57afe96172/{path}"))
            .send()
            .is(200)
            .json();
        assert_eq!(shown["list_id"], "57afe96172", "{path}");
        assert_eq!(shown["members"][0]["list_id"], "57afe96172", "{path}");
    }
    let new = mail
        .ask(Method::POST, "/lists/57afe96172/members")
        .json(json!({"id": "a", "email": "a@example.com"}));
    new.send().is(200);
    let shown = mail.get("/lists/57afe96172/members").send().is(200).json();
    assert_eq!(shown["list_id"], "57afe96172");
}

/// The features of OGC: counted, linked and cut out by a box.
#[test]
fn features_are_counted_linked_and_chosen_by_where_they_are() {
    let geo = of(
        "
  /places:
    get:
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
        - {name: offset, in: query, schema: {type: integer}}
        - {name: bbox, in: query, style: form, explode: false, schema: {type: array, minItems: 4, maxItems: 4, items: {type: number}}}
      responses: {'200': {description: A, content: {application/json: {schema: {type: object, required: [features, links], properties: {
        features: {type: array, items: {$ref: '#/components/schemas/F'}}, numberMatched: {type: integer}, numberReturned: {type: integer},
        links: {type: array, items: {type: object, required: [href, rel], properties: {href: {type: string, format: uri}, rel: {type: string}, title: {type: string}}}}}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/F'}}}}
      responses: {'201': {description: A, content: {application/json: {schema: {$ref: '#/components/schemas/F'}}}}}
  /places/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: A, content: {application/json: {schema: {$ref: '#/components/schemas/F'}}}}}",
        "    F: {type: object, required: [id, geometry], properties: {id: {type: string}, bbox: {type: array, items: {type: number}}, geometry: {type: object, required: [type, coordinates], properties: {type: {type: string, enum: [Point]}, coordinates: {type: array, minItems: 2, maxItems: 2, items: {type: number}}}}}}",
    );
    let page = |query: &str| geo.get(&format!("/places{query}")).send().is(200).json();
    let counts = |page: &Value| {
        (
            page["numberMatched"].clone(),
            page["numberReturned"].clone(),
        )
    };
    let first = page("?limit=1");
    assert_eq!(counts(&first), (json!(2), json!(1)));
    let links = first["links"].as_array().expect("links").iter();
    let links = links.map(|link| format!("{} {}", link["rel"], link["href"]));
    let links: Vec<String> = links.collect();
    assert!(links[0].ends_with("/places?limit=1\""), "{links:?}");
    assert!(
        links[1].starts_with("\"next\"") && links[1].ends_with("/places?limit=1&offset=1\""),
        "{links:?}"
    );
    assert_eq!(links.len(), 2);
    for (id, x) in [("a", 10.0), ("b", 20.0)] {
        let place = json!({"id": id, "geometry": {"type": "Point", "coordinates": [x, 50.0]}});
        geo.ask(Method::POST, "/places").json(place).send().is(201);
    }
    let found = page("?bbox=9,49,11,51");
    assert_eq!(ids(&found["features"]), ["a"]);
    assert_eq!(counts(&found), (json!(1), json!(1)));
}

#[test]
fn what_lasts_is_found_by_when_it_is_and_texts_by_what_they_say() {
    let paths = "
  /events:
    get:
      parameters:
        - {name: timeMin, in: query, schema: {type: string, format: date-time}}
        - {name: timeMax, in: query, schema: {type: string, format: date-time}}
        - {name: q, in: query, schema: {type: string}}
        - {name: orderBy, in: query, schema: {type: string, enum: [startTime, updated]}}
      responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Event'}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Event'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Event'}}}}}
  /events/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Event'}}}}}}
    delete: {responses: {'204': {description: Gone}}}
";
    let schemas = "
    When: {type: object, properties: {dateTime: {type: string, format: date-time}, zone: {type: string}}}
    Event: {type: object, required: [id, name, start, end], properties: {id: {type: string}, name: {type: string}, start: {$ref: '#/components/schemas/When'}, end: {$ref: '#/components/schemas/When'}, created: {type: string, format: date-time}, updated: {type: string, format: date-time}}}
";
    let api = of(paths, schemas);
    for row in api.get("/events").send().json().as_array().expect("rows") {
        let at = format!("/events/{}", row["id"].as_str().expect("an id"));
        api.ask(Method::DELETE, &at).send().is(204);
    }
    for (id, from, till) in [
        ("b", "10:00", "11:00"),
        ("a", "08:00", "09:00"),
        ("c", "12:00", "13:00"),
    ] {
        let at = |time: &str| json!({"dateTime": format!("2026-01-01T{time}:00Z")});
        let event =
            json!({"id": id, "name": format!("Zoo {id}"), "start": at(from), "end": at(till)});
        let sent = api.ask(Method::POST, "/events").json(event);
        sent.send().is(201);
    }
    let found = |query: &str| {
        let rows = api.get(&format!("/events?{query}")).send().is(200).json();
        ids(&rows)
    };
    assert_eq!(found("orderBy=startTime"), ["a", "b", "c"]);
    assert_eq!(found("timeMin=2026-01-01T10:30:00Z"), ["b", "c"]);
    assert_eq!(found("timeMax=2026-01-01T10:30:00Z"), ["b", "a"]);
    let day = "timeMin=2026-01-02T00:00:00Z&timeMax=2026-01-03T00:00:00Z";
    assert!(found(day).is_empty());
    assert_eq!(found("q=zoo%20c"), ["c"]);
    assert!(found("q=2026").is_empty() && found("q=T1").is_empty());
}
