//! The site that `counterpart docs` writes.

use crate::process::{Folder, checkout, run};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const SHOP: &str = r##"
openapi: 3.1.0
info: {title: Shop, version: '1', description: Pets and what they need.}
tags: [{name: pets, description: Animals.}]
paths:
  /pets:
    get:
      operationId: listPets
      summary: List pets
      tags: [pets]
      parameters: [{name: limit, in: query, description: How many., schema: {type: integer, minimum: 1, maximum: 50, default: 20}}]
      responses: {'200': {description: The pets., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}}}
  /pets/{petId}:
    parameters: [{name: petId, in: path, required: true, schema: {type: integer}, example: 7}]
    patch:
      operationId: updatePet
      summary: Change a pet
      description: "Changes what is sent.\n\n# In depth\n\nMore of it."
      tags: [pets]
      deprecated: true
      security: [{token: [pets.write]}]
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Change'}, example: {name: Rex}}}
      responses:
        '200': {description: The pet., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
        '404': {description: No such pet.}
components:
  securitySchemes: {token: {type: http, scheme: bearer}}
  schemas:
    Pet: {type: object, required: [id, name], properties: {id: {type: integer, readOnly: true}, name: {type: string},
      friends: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}
    Change: {type: object, minProperties: 1, properties: {name: {type: string, minLength: 1, maxLength: 9},
      home: {oneOf: [{$ref: '#/components/schemas/House'}, {$ref: '#/components/schemas/Cage'}], discriminator: {propertyName: kind}}}}
    House: {type: object, required: [kind], properties: {kind: {const: house}, rooms: {type: integer}}}
    Cage: {type: object, required: [kind], properties: {kind: {const: cage}}}
"##;

/// The files of a site, by their paths.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(&at).expect("a folder") {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => folders.push(path),
                false => {
                    let name = path.strip_prefix(folder).expect("below it");
                    let text = fs::read_to_string(&path).expect("a text");
                    found.insert(name.display().to_string(), text);
                }
            }
        }
    }
    found
}

fn site(document: &str) -> (Folder, BTreeMap<String, String>) {
    let folder = Folder::of(&[("shop.yaml", document)]);
    let ended = run(folder.path(), &["docs", "shop.yaml", "--out", "site"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let files = files(&folder.path().join("site"));
    (folder, files)
}

/// What a page says, without its markup.
fn words(page: &str) -> String {
    let mut out = String::new();
    let mut is_tag = false;
    for c in page.chars() {
        match c {
            '<' => is_tag = true,
            '>' => {
                is_tag = false;
                out.push(' ');
            }
            c if !is_tag => out.push(c),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<&str>>().join(" ")
}

#[test]
fn a_page_of_an_operation_says_what_the_contract_does() {
    let (_folder, files) = site(SHOP);
    let page = words(&files["shop/update-pet.html"]);
    for said in [
        "Change a pet",
        "Deprecated.",
        "PATCH /pets/ {petId}",
        "Changes what is sent.",
        "Scopes: pets.write",
        "Authorization: Bearer &lt;token&gt;",
        "name string 1 to 9 characters",
        "One of these, by kind :",
        "At least one property is given. 400",
        "200 OK",
        "404 Not Found",
        "No such pet.",
        "curl",
        "counterpart token --scope pets.write",
        "From shop.yaml:",
    ] {
        assert!(page.contains(said), "{said:?} in {page}");
    }
    assert!(files["shop/list-pets.html"].contains("id=\"query.limit\""));
    assert!(words(&files["shop/list-pets.html"]).contains("integer 1 to 50"));
    assert!(files["shop/update-pet.md"].contains("| `name` | string; 1 to 9 characters | no |"));
    // What is within itself is a link.
    let pet = &files["shop/schemas/pet.html"];
    assert!(
        pet.contains("array of") && pet.contains("pet.html"),
        "{pet}"
    );
}

#[test]
fn every_link_leads_to_a_page_and_every_anchor_is_there_once() {
    let (_folder, files) = site(SHOP);
    for (path, page) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let ids: Vec<&str> = page
            .split(" id=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        let mut once = ids.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), ids.len(), "an id twice in {path}");
        for link in page
            .split("href=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
        {
            let (to, anchor) = link.split_once('#').unwrap_or((link, ""));
            if to.starts_with("data:") {
                continue;
            }
            let mut parts: Vec<&str> = path.split('/').collect();
            if !to.is_empty() {
                parts.pop();
                for part in to.split('/') {
                    match part {
                        ".." => drop(parts.pop()),
                        part => parts.push(part),
                    }
                }
            }
            let target = files.get(&parts.join("/"));
            let target = target.unwrap_or_else(|| panic!("{link} of {path} leads nowhere"));
            let is_there = anchor.is_empty() || target.contains(&format!(" id=\"{anchor}\""));
            assert!(is_there, "{link} of {path} has no anchor");
        }
    }
}

#[test]
fn two_builds_are_the_same_and_what_is_no_longer_there_goes() {
    let (folder, before) = site(SHOP);
    let build = || {
        let ended = run(folder.path(), &["docs", "shop.yaml", "--out", "site"]);
        assert_eq!(ended.code, Some(0), "{}", ended.err);
    };
    let own = folder.path().join("site/own.html");
    fs::write(&own, "mine").expect("written");
    build();
    let mut after = files(&folder.path().join("site"));
    assert_eq!(after.remove("own.html").as_deref(), Some("mine"));
    assert_eq!(after, before);
    folder.write(
        "shop.yaml",
        SHOP.replace("operationId: updatePet", "operationId: changePet"),
    );
    build();
    let after = files(&folder.path().join("site"));
    assert!(after.contains_key("shop/change-pet.html"));
    assert!(!after.contains_key("shop/update-pet.html"));
    assert!(after.contains_key("own.html"), "what isn't ours stays");
}

#[test]
fn what_is_no_part_of_a_site_is_never_written_over() {
    let folder = Folder::of(&[("shop.yaml", SHOP), ("site/index.html", "mine")]);
    let ended = run(folder.path(), &["docs", "shop.yaml", "--out", "site"]);
    assert_eq!(ended.code, Some(3), "{}", ended.out);
    assert!(ended.err.contains("site/index.html"), "{}", ended.err);
    let files = files(&folder.path().join("site"));
    assert_eq!(files.len(), 1, "nothing else is written");
    assert_eq!(files["index.html"], "mine");
}

#[test]
fn hostile_texts_are_texts() {
    let bad =
        r#"<script>alert(1)</script><img src=x onerror=alert(1)></td>[x](javascript:alert(1))"#;
    let document = serde_json::json!({
        "openapi": "3.1.0",
        "info": {"title": bad, "version": bad, "description": bad},
        "tags": [{"name": bad, "description": bad}],
        "paths": {format!("/{}", bad.replace('/', "")): {"get": {
            "operationId": bad, "summary": bad, "description": bad, "tags": [bad],
            "parameters": [{"name": bad, "in": "query", "description": bad,
                "schema": {"type": "string", "pattern": bad, "default": bad, "example": bad, "enum": [bad]}}],
            "responses": {"200": {"description": bad, "content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/X"}, "examples": {bad: {"value": {bad: bad}}}}}}},
        }}},
        "components": {"schemas": {"X": {"title": bad, "description": bad, "properties": {bad: {"description": bad}}}}},
    });
    let (_folder, files) = site(&document.to_string());
    for (path, page) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let lower = page.to_lowercase();
        let scripts = lower.matches("<script").count();
        assert_eq!(scripts, 2, "{path} has the site's own scripts alone");
        assert!(!lower.contains("<img"), "{path}");
        assert!(!lower.contains("href=\"javascript"), "{path}");
        assert!(!lower.contains(" onerror=alert(1)>"), "{path}");
    }
}

#[test]
fn the_shipped_apis_have_a_site() {
    let folder = Folder::of(&[]);
    let specs = checkout().join("specs").display().to_string();
    let ended = run(folder.path(), &["docs", &specs, "--out", "site"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(
        ended.out.contains("begin with site/index.html"),
        "{}",
        ended.out
    );
    let files = files(&folder.path().join("site"));
    let index = words(&files["index.html"]);
    for title in ["Appointments", "Bookings", "Live", "Workspace"] {
        assert!(index.contains(title), "{title} in {index}");
    }
    for (path, page) in &files {
        assert!(page.len() < 256 * 1024, "{path} has {} bytes", page.len());
    }
}
