//! The pages of what an API sends without being asked.

use crate::docs::{assert_linked, files, site, words};
use crate::process::{Folder, run};

const SHOP: &str = r##"
openapi: 3.1.0
info: {title: Shop, version: '1'}
paths:
  /pets:
    get:
      operationId: listPets
      responses: {'200': {description: The pets., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}}}
webhooks:
  petSold:
    post:
      operationId: petWasSold
      summary: A pet was sold
      description: Sent once for each pet.
      deprecated: true
      parameters:
        - {name: X-Signature, in: header, required: true, description: Of the body., schema: {type: string, minLength: 8}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              oneOf: [{$ref: '#/components/schemas/Sale'}, {$ref: '#/components/schemas/Gift'}]
              discriminator: {propertyName: kind, mapping: {sale: '#/components/schemas/Sale', gift: '#/components/schemas/Gift'}}
            examples:
              cash: {summary: Paid in cash, value: {kind: sale, price: 5, pet: {name: Rex}}}
      responses:
        '204': {description: It was received.}
        '410': {description: Send it no more.}
  petChanged:
    put: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}, responses: {'200': {description: Fine.}}}
    delete: {responses: {'200': {description: Fine.}}}
components:
  schemas:
    Pet: {type: object, properties: {name: {type: string}}}
    Sale: {type: object, required: [kind], minProperties: 2, properties: {kind: {const: sale}, price: {type: number}, pet: {$ref: '#/components/schemas/Pet'}}}
    Gift: {type: object, required: [kind], properties: {kind: {const: gift}, from: {type: string}}}
"##;

#[test]
fn a_webhook_has_a_page_that_says_what_is_sent_and_what_is_expected() {
    let (_folder, files) = site(SHOP);
    let page = &files["shop/webhooks/pet-sold.html"];
    let said = words(page);
    for part in [
        "A pet was sold Deprecated.",
        "POST petSold",
        "Operation petWasSold",
        "Sent once for each pet.",
        "Content-Type required string always application/json",
        "X-Signature required string at least 8 characters Of the body.",
        "kind is sale",
        "price number",
        "kind is gift",
        "Paid in cash cash",
        "204 No Content It was received.",
        "410 Gone Send it no more.",
        "http://127.0.0.1:4010/_counterpart/webhooks/shop/petSold",
        "it sends one of the examples: cash .",
        "From shop.yaml:",
    ] {
        assert!(said.contains(part), "{part:?} in {said}");
    }
    let twin = &files["shop/webhooks/pet-sold.md"];
    for part in [
        "# A pet was sold\n",
        "`POST petSold`",
        "| `X-Signature` |",
        "Where `kind` is `gift`:",
        "### 410\n\nSend it no more.",
        "/_counterpart/webhooks/shop/petSold",
    ] {
        assert!(twin.contains(part), "{part:?} in {twin}");
    }
    // One that is sent with several methods has a page for each.
    assert!(words(&files["shop/webhooks/pet-changed-put.html"]).contains("PUT petChanged"));
    assert!(words(&files["shop/webhooks/pet-changed-delete.html"]).contains("DELETE petChanged"));
}

#[test]
fn webhooks_are_found_wherever_operations_are() {
    let (_folder, files) = site(SHOP);
    assert_linked(&files);
    let link = "webhooks/pet-sold.html\"";
    for page in ["shop/index.html", "endpoints.html"] {
        assert!(files[page].contains(link), "{page}");
    }
    assert!(files["shop/list-pets.html"].contains("\"webhooks/index.html\""));
    assert!(words(&files["index.html"]).contains("1 operation, 3 webhooks"));
    assert!(files["assets/search.js"].contains("post\\tpetSold\\tA pet was sold\\tpet-sold"));
    assert!(words(&files["shop/schemas/sale.html"]).contains("By webhooks: A pet was sold"));
    assert!(words(&files["shop/schemas/pet.html"]).contains("By webhooks: petChanged"));
    let list = &files["llms.txt"];
    let line =
        "- [A pet was sold](shop/webhooks/pet-sold.md): `POST petSold`, sent without being asked";
    assert!(list.contains(line), "{list}");
    assert!(files["llms-full.txt"].contains("# A pet was sold\n"));
}

#[test]
fn webhooks_before_3_1_and_of_a_document_without_paths_have_pages_too() {
    let old = SHOP
        .replace("3.1.0", "3.0.3")
        .replace("webhooks:", "x-webhooks:");
    let old = old.replace("{const: sale}", "{enum: [sale]}");
    let old = old.replace("{const: gift}", "{enum: [gift]}");
    let (_folder, files) = site(&old);
    assert!(words(&files["shop/webhooks/pet-sold.html"]).contains("POST petSold"));
    let (paths, rest) = SHOP.split_once("webhooks:").expect("both");
    let (head, _) = paths.split_once("paths:").expect("both");
    let (_folder, files) = site(&format!("{head}webhooks:{rest}"));
    assert_linked(&files);
    assert!(files.contains_key("shop/webhooks/pet-sold.html"));
}

#[test]
fn a_long_summary_is_a_text_and_no_title() {
    let long = "This is sent when a pet was sold. See [the guide](https://shop.example/guide) for more of it, and then some.";
    let (_folder, files) = site(&SHOP.replace("A pet was sold", long));
    let page = &files["shop/webhooks/pet-sold.html"];
    assert!(words(page).contains("petSold Deprecated."));
    assert!(page.contains(">the guide</a>"));
    let list = words(&files["shop/webhooks/index.html"]);
    assert!(
        list.contains("petSold This is sent when a pet was sold. See the guide"),
        "{list}"
    );
}

#[test]
fn programs_that_show_markdown_list_webhooks() {
    let folder = Folder::of(&[("shop.yaml", SHOP)]);
    for (format, list, entry) in [
        (
            "mdbook",
            "src/SUMMARY.md",
            "    - [A pet was sold](shop/webhooks/pet-sold.md)",
        ),
        (
            "mkdocs",
            "mkdocs.yml",
            "          - \"A pet was sold\": shop/webhooks/pet-sold.md",
        ),
        (
            "docusaurus",
            "shop/webhooks/_category_.json",
            "\"label\": \"Webhooks\"",
        ),
    ] {
        let ended = run(
            folder.path(),
            &["docs", "shop.yaml", "--format", format, "--out", format],
        );
        assert_eq!(ended.code, Some(0), "{}", ended.err);
        let files = files(&folder.path().join(format));
        assert!(files[list].contains(entry), "{}", files[list]);
    }
}
