//! The site that `counterpart docs` writes.

use crate::harness::{Counterpart, all_four};
use crate::process::{Folder, checkout, command, run};
use counterpart::wire::{HeaderName, Method, Request};
use pulldown_cmark::{Event, Tag};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
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
pub fn files(folder: &Path) -> BTreeMap<String, String> {
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

pub fn site(document: &str) -> (Folder, BTreeMap<String, String>) {
    let folder = Folder::of(&[("shop.yaml", document)]);
    let ended = run(folder.path(), &["docs", "shop.yaml", "--out", "site"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let files = files(&folder.path().join("site"));
    (folder, files)
}

/// What a page says, without its markup.
pub fn words(page: &str) -> String {
    // Where a word may be broken it goes on.
    let page = page.replace("<wbr>", "");
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
        "Base URL http://127.0.0.1:4010",
        "Operation updatePet",
        "Authorization required string Bearer token, as Bearer &lt;token&gt; .",
        "Content-Type required string always application/json",
        "Changes what is sent.",
        "Scopes: pets.write",
        "Authorization: Bearer &lt;token&gt;",
        "name string 1 to 9 characters",
        "One of these, by kind :",
        "At least one property is given. 400 shop.yaml:",
        "200 OK",
        "404 Not Found",
        "No such pet.",
        "curl",
        "counterpart token --scope 'pets.write'",
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

/// Every link leads to a page, and every anchor is there once.
#[track_caller]
pub fn assert_linked(files: &BTreeMap<String, String>) {
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
fn every_link_leads_to_a_page_and_every_anchor_is_there_once() {
    assert_linked(&site(SHOP).1);
    // Names that would have the same ids, and ids of the page's own.
    let document = r##"
openapi: 3.1.0
info: {title: Twice, version: '1'}
tags: [{name: a b}, {name: A-B}]
paths:
  /x:
    post:
      tags: [a b]
      parameters:
        - {name: 'a[b]', in: query, schema: {type: string}}
        - {name: 'a', in: query, schema: {type: object, properties: {'[b]': {type: string}}}}
        - {name: X-A, in: header, schema: {type: string}}
        - {name: x-a, in: header, schema: {type: string}}
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/S'}},
        application/xml: {schema: {$ref: '#/components/schemas/S'}}}}
      responses: {'200': {description: Done., content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}}
    get: {tags: [A-B], responses: {'200': {description: Done.}}}
components:
  schemas:
    S: {properties: {main: {type: string}, fields: {type: string}, 'a.b': {type: string}, a: {properties: {b: {type: string}}},
      'a b': {type: string}, k: {oneOf: [{title: A, properties: {a: {}}}, {title: A, properties: {a: {}}}]}}}
"##;
    let (_folder, files) = site(document);
    assert_linked(&files);
    let page = &files["shop/post-x.html"];
    for id in [
        "query.a~5bb~5d",
        "body.a.b",
        "body.a.b~2",
        "body~2.a.b",
        "body.k.variant-A~2.a",
    ] {
        assert!(page.contains(&format!(" id=\"{id}\"")), "{id} in {page}");
    }
    assert!(files["shop/schemas/s.html"].contains(" id=\"fields~2\""));
}

#[test]
fn a_schema_tells_where_it_is_used() {
    let (_folder, files) = site(SHOP);
    let pet = &files["shop/schemas/pet.html"];
    assert!(
        pet.contains("href=\"../list-pets.html#status-200\""),
        "{pet}"
    );
    assert!(
        words(pet).contains("By other schemas: Pet.friends"),
        "{pet}"
    );
    let change = &files["shop/schemas/house.html"];
    assert!(words(change).contains("Change.home"), "{change}");
    let all = words(&files["shop/schemas/index.html"]);
    assert!(all.contains("1 Cage 1 Change 1 House 3 Pet"), "{all}");
}

#[test]
fn links_of_texts_lead_to_pages_and_check_warns_of_the_others() {
    let about = "description: \"# In depth\\n\\n[s](#/components/schemas/Pet) [o](#operation/updatePet) \\
        [t](#tag/pets) [r](#tag/pets/operation/listPets) [p](#/paths/~1pets/get) [h](#section/In-depth) \\
        [n](nowhere.md) [x](https://example.com)\"";
    let document = SHOP.replace(
        "description: Pets and what they need.",
        &about.replace("\\\n        ", ""),
    );
    let (folder, files) = site(&document);
    assert_linked(
        &files
            .iter()
            .map(|(path, page)| {
                (
                    path.clone(),
                    page.replace("href=\"https://example.com\"", ""),
                )
            })
            .collect(),
    );
    let page = &files["shop/index.html"];
    for href in [
        "schemas/pet.html",
        "update-pet.html",
        "index.html#tag-pets",
        "list-pets.html",
        "index.html#about-in-depth",
        "https://example.com",
    ] {
        assert!(
            page.contains(&format!("href=\"{href}\"")),
            "{href} in {page}"
        );
    }
    assert!(!page.contains("nowhere"), "{page}");
    let ended = run(folder.path(), &["check", "shop.yaml"]);
    let told = "a link leads nowhere in the documentation: `nowhere.md`";
    assert_eq!(
        ended.out.matches("leads nowhere").count(),
        1,
        "{}",
        ended.out
    );
    assert!(ended.out.contains(told), "{}", ended.out);
}

fn written_as(format: &str) -> BTreeMap<String, String> {
    let folder = Folder::of(&[("shop.yaml", SHOP)]);
    let ended = run(
        folder.path(),
        &["docs", "shop.yaml", "--out", "out", "--format", format],
    );
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    files(&folder.path().join("out"))
}

#[test]
fn markdown_is_written_for_other_programs() {
    let plain = written_as("markdown");
    let page = &plain["shop/update-pet.md"];
    let front = "---\ntitle: \"Change a pet\"\ndescription: \"Changes what is sent.\"\n---\n\n# Change a pet\n";
    assert!(page.starts_with(front), "{page}");
    assert!(page.contains("\n## In depth\n"), "{page}");
    assert!(page.contains("[Pet](schemas/pet.md)"), "{page}");
    assert!(plain["shop/schemas/pet.md"].contains("# Pet\n"));
    let book = written_as("mdbook");
    let summary = &book["src/SUMMARY.md"];
    assert!(
        summary.contains("- [Shop](shop/index.md)\n  - [List pets](shop/list-pets.md)\n"),
        "{summary}"
    );
    assert!(book["src/shop/update-pet.md"].starts_with("# Change a pet\n"));
    assert!(book["book.toml"].contains("[book]"));
    let docs = written_as("docusaurus");
    let page = &docs["shop/update-pet.md"];
    assert!(
        page.contains("sidebar_label: \"Change a pet\"\nsidebar_position: 2\n"),
        "{page}"
    );
    assert!(page.contains("mdx:\n  format: md\n"), "{page}");
    assert!(docs["shop/_category_.json"].contains("\"label\": \"Shop\""));
    let project = written_as("mkdocs");
    let nav = &project["mkdocs.yml"];
    assert!(
        nav.contains("      - \"pets\":\n          - \"List pets\": shop/list-pets.md\n"),
        "{nav}"
    );
    // Every file that a list names is there.
    for (list, folder, of) in [(summary, "src/", &book), (nav, "docs/", &project)] {
        let words = list.split(|c: char| c.is_whitespace() || "()[]".contains(c));
        let named: Vec<&str> = words.filter(|word| word.ends_with(".md")).collect();
        assert!(named.len() > 10, "{list}");
        for name in named {
            assert!(
                of.contains_key(&format!("{folder}{name}")),
                "{name} of {list}"
            );
        }
    }
}

#[test]
fn language_models_have_a_list_and_all_pages_in_one() {
    let (_folder, files) = site(SHOP);
    let list = &files["llms.txt"];
    assert!(
        list.starts_with("# Shop\n\n> Pets and what they need.\n"),
        "{list}"
    );
    assert!(
        list.contains("- [Change a pet](shop/update-pet.md): `PATCH /pets/{petId}`\n"),
        "{list}"
    );
    let full = &files["llms-full.txt"];
    assert!(
        full.contains("# List pets\n") && full.contains("# Change a pet\n"),
        "{full}"
    );
    // Of a long document there is a file for each service, and it says what is left out.
    let operation = |number| {
        format!(
            "  /p{number}: {{get: {{summary: Get {number}, responses: {{'200': {{description: '{}'}}}}}}}}\n",
            "long ".repeat(3000)
        )
    };
    let paths: String = (0..400).map(operation).collect();
    let long = format!("openapi: 3.1.0\ninfo: {{title: Long, version: '1'}}\npaths:\n{paths}");
    let (_folder, files) = site(&long);
    assert!(files["llms.txt"].contains("- [Long](shop/llms.txt): its 400 operations"));
    assert!(files["shop/llms.txt"].contains("[Get 399](get-p399.md)"));
    assert!(files["llms-full.txt"].contains("too much for one file"));
    let full = &files["shop/llms-full.txt"];
    assert!(full.len() < 1_100_000 && full.contains("pages are left out here"));
}

#[test]
fn a_watched_site_follows_its_documents_and_outlives_a_broken_one() {
    let folder = Folder::of(&[("shop.yaml", SHOP)]);
    let arguments = ["docs", "shop.yaml", "--out", "site", "--watch"];
    let mut child = command(folder.path(), &arguments)
        .spawn()
        .expect("it starts");
    let mut out = BufReader::new(child.stdout.take().expect("piped")).lines();
    let mut err = BufReader::new(child.stderr.take().expect("piped")).lines();
    let first = out.next().expect("a line").expect("text");
    assert!(first.contains("begin with site/index.html"), "{first}");
    let watching = err.next().expect("a line").expect("text");
    assert!(watching.starts_with("watching"), "{watching}");
    let index = folder.path().join("site/index.html");
    let touched = || {
        fs::metadata(&index)
            .expect("there")
            .modified()
            .expect("known")
    };
    let before = touched();
    folder.write(
        "shop.yaml",
        SHOP.replace("No such pet.", "No pet is called so."),
    );
    let next = out.next().expect("a line").expect("text");
    assert!(next.contains(" of ") && next.contains("changed"), "{next}");
    let page = folder.path().join("site/shop/update-pet.html");
    assert!(
        fs::read_to_string(&page)
            .expect("there")
            .contains("No pet is called so.")
    );
    assert_eq!(touched(), before, "what says the same is left alone");
    folder.write("shop.yaml", "openapi: 3.1.0\ninfo: [");
    let told = err
        .by_ref()
        .map_while(Result::ok)
        .find(|line| line.contains("stays as it was"));
    assert!(told.is_some());
    assert!(
        fs::read_to_string(&page)
            .expect("there")
            .contains("No pet is called so.")
    );
    folder.write("shop.yaml", SHOP);
    let next = out.next().expect("a line").expect("text");
    assert!(next.contains("changed"), "{next}");
    child.kill().expect("it runs");
    child.wait().expect("it ends");
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

/// How many bytes a text has, packed.
fn packed(text: &str) -> usize {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut packer, text.as_bytes()).expect("packed");
    packer.finish().expect("packed").len()
}

#[test]
fn a_page_stays_light_however_many_fields_there_are_and_nothing_is_lost() {
    let fields = |name: &str, count: usize| -> String {
        let field = |number: usize| {
            format!(
                "{name}{number}: {{type: string, description: 'What {name} {number} is about, in words of its own: {}.'}}, ",
                (number * 7919) % 100_003
            )
        };
        (0..count).map(field).collect()
    };
    let inline = |depth: usize| {
        (0..depth).fold(format!("{{{}}}", fields("leaf", 60)), |inner, level| {
            format!(
                "{{{} nested{level}: {{type: object, properties: {inner}}}}}",
                fields("mid", 60)
            )
        })
    };
    let values: Vec<String> = (0..500).map(|number| format!("value-{number}")).collect();
    let document = format!(
        "openapi: 3.1.0\ninfo: {{title: Shop, version: '1'}}\npaths:\n  /a:\n    post:\n      operationId: post\n      \
         requestBody: {{content: {{application/json: {{schema: {{type: object, properties: {}}}}}}}}}\n      \
         responses:\n        '200': {{description: Done., content: {{application/json: {{schema: {{$ref: '#/components/schemas/Wide'}}}}}}}}\n\
         components: {{schemas: {{Wide: {{type: object, properties: {{{}}}}}, Kind: {{type: object, properties: {{of: {{enum: [{}]}}}}}}}}}}\n",
        inline(6),
        fields("wide", 900),
        values.join(", ")
    );
    let (_folder, files) = site(&document);
    assert_linked(&files);
    let assets = ["assets/site.css", "assets/site.js", "assets/theme.js"];
    let assets: usize = assets.iter().map(|path| packed(&files[*path])).sum();
    let page = &files["shop/post.html"];
    assert!(packed(page) + assets <= 30_000, "{}", packed(page) + assets);
    let mut said = String::new();
    for (path, page) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        assert!(page.len() <= 256 * 1024, "{path} has {} bytes", page.len());
        said += &words(page);
    }
    for number in 0..900 {
        let field = format!("wide{number} string What wide {number} is about");
        assert!(said.contains(&field), "{field}");
    }
    for level in 0..6 {
        assert!(said.contains(&format!("nested{level}")), "nested{level}");
    }
    assert!(said.contains("leaf59 string What leaf 59 is about"));
    assert!(words(&files["shop/schemas/kind.html"]).contains("All 500 values"));
    assert!(said.contains("value-499"));
}

#[test]
fn errors_say_which_service_answers_them_and_stay_light_with_many_statuses() {
    let operation = |path: &str, statuses: std::ops::Range<u32>| {
        let replies: String = statuses
            .map(|status| format!("'{status}': {{description: No.}}, "))
            .collect();
        format!("  /{path}: {{get: {{summary: Get {path}, responses: {{{replies}}}}}}}\n")
    };
    let document = |title: &str, paths: &str| {
        format!("openapi: 3.1.0\ninfo: {{title: {title}, version: '1'}}\npaths:\n{paths}")
    };
    let many: String = (0..10)
        .map(|number| operation(&format!("p{number}"), 400..600))
        .collect();
    let folder = Folder::of(&[
        ("specs/first.yaml", &document("First", &many)),
        (
            "specs/second.yaml",
            &document("Second", &operation("other", 404..405)),
        ),
    ]);
    let ended = run(folder.path(), &["docs", "--out", "site"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let files = files(&folder.path().join("site"));
    let page = &files["errors.html"];
    assert!(page.len() < 256 * 1024, "{}", page.len());
    assert!(
        words(page).contains("404 Not Found No such path, or no such item. First: Get p0 , Get p1")
    );
    assert!(words(page).contains("All 11"));
    let all = words(&files["errors/404.html"]);
    assert!(
        all.contains("/p9 Get p9") && all.contains("/other Get other"),
        "{all}"
    );
}

#[test]
fn what_has_changed_is_found_from_everywhere() {
    let new = SHOP
        .replace("'1'", "'2'")
        .replace("summary: List pets", "summary: List the pets");
    let new = new.replace("maximum: 50", "maximum: 40");
    let folder = Folder::of(&[("shop.yaml", &new), ("old/shop.yaml", SHOP)]);
    let arguments = [
        "docs",
        "shop.yaml",
        "--since",
        "old/shop.yaml",
        "--out",
        "site",
    ];
    let ended = run(folder.path(), &arguments);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let files = files(&folder.path().join("site"));
    assert_linked(&files);
    for page in ["index.html", "shop/list-pets.html", "shop/index.html"] {
        assert!(files[page].contains("changelog.html\""), "{page}");
    }
    assert!(files["llms.txt"].contains("- [Changes](shop/changelog.md): "));
    assert!(files["assets/search.js"].contains("shop/changelog.html\\tChanges of Shop"));
}

#[test]
fn pages_of_markdown_tell_examples_and_tables_of_texts() {
    let document = r##"
openapi: 3.1.0
info: {title: Shop, version: '1'}
paths:
  /pets:
    post:
      operationId: addPet
      description: "Adds a pet.\n\n### Notes\n\nMore.\n\n##### Deeper\n\nEven more."
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                kind: {type: string, example: cat, description: "One of these:\n\n| kind | is |\n|---|---|\n| cat | small |"}
                id: {type: string, readOnly: true, description: As `<id>`.}
            examples:
              tom: {summary: A cat, value: {kind: cat}}
      responses: {'200': {description: Done.}}
"##;
    let (_folder, files) = site(document);
    let page = &files["shop/add-pet.md"];
    for part in [
        "Example: `cat`.",
        "\nExample `tom`, A cat:\n",
        "\n`kind`:\n\nOne of these:\n\n| kind | is |\n",
        "As &lt;id&gt;. Read only.",
        "\n## Notes\n",
        "\n### Deeper\n",
    ] {
        assert!(page.contains(part), "{part:?} in {page}");
    }
}

#[test]
fn a_second_build_of_the_same_leaves_the_files_as_they_are() {
    let folder = Folder::of(&[("shop.yaml", SHOP)]);
    let arguments = ["docs", "shop.yaml", "--out", "site"];
    let first = run(folder.path(), &arguments);
    assert!(first.out.contains("written in"), "{}", first.out);
    let second = run(folder.path(), &arguments);
    assert!(second.out.contains("are what they were"), "{}", second.out);
    // What is missing or shorter is written again.
    let page = folder.path().join("site/shop/update-pet.html");
    fs::write(&page, "short").expect("written");
    let third = run(folder.path(), &arguments);
    assert!(third.out.contains("written in"), "{}", third.out);
    assert!(fs::read_to_string(&page).expect("a page").len() > 1_000);
    folder.write("shop.yaml", SHOP.replace("Change a pet", "Alter a pet"));
    let fourth = run(folder.path(), &arguments);
    assert!(fourth.out.contains("written in"), "{}", fourth.out);
    assert!(
        fs::read_to_string(&page)
            .expect("a page")
            .contains("Alter a pet")
    );
}

#[test]
fn a_site_is_the_same_from_whatever_folder_it_is_written() {
    let folder = Folder::of(&[
        ("specs/shop.yaml", SHOP),
        ("fixtures/shop/pets.yaml", "- {id: 7, name: Rex}\n"),
        (
            "fixtures/shop/rules.yaml",
            "operations:\n  updatePet:\n    require:\n      - {that: \"next.name != 'x'\", message: No pet is called x.}\n",
        ),
        ("elsewhere/note.txt", ""),
    ]);
    let root = folder.path();
    let whole = root.join("specs/shop.yaml").display().to_string();
    let cases = [
        (root.to_owned(), "specs/shop.yaml"),
        (root.to_owned(), whole.as_str()),
        (root.join("elsewhere"), "../specs/shop.yaml"),
    ];
    let mut sites = Vec::new();
    for (number, (at, document)) in cases.into_iter().enumerate() {
        let out = root.join(format!("site-{number}"));
        let ended = run(
            &at,
            &["docs", document, "--out", &out.display().to_string()],
        );
        assert_eq!(ended.code, Some(0), "{}", ended.err);
        sites.push(files(&out));
    }
    let first = &sites[0];
    assert!(first["shop/list-pets.md"].contains("From `shop.yaml:"));
    let rules = words(&first["shop/update-pet.html"]);
    assert!(rules.contains("No pet is called x."), "{rules}");
    let above = root.display().to_string();
    for (path, text) in first {
        assert!(
            !text.contains(&above),
            "{path} names this machine's folders"
        );
    }
    for other in &sites[1..] {
        let paths = |site: &BTreeMap<String, String>| site.keys().cloned().collect::<Vec<_>>();
        assert_eq!(paths(first), paths(other));
        let differs = first.iter().find(|(path, text)| other[*path] != **text);
        assert_eq!(differs, None, "{:?}", differs.map(|(path, _)| &other[path]));
    }
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

/// A document and fixtures of which every text is `bad`.
fn hostile(bad: &str) -> Folder {
    let path = bad.replace(['/', '{', '}', '#', '?', '%'], "");
    let schema = json!({"type": "string", "title": bad, "description": bad, "pattern": bad, "default": bad,
        "example": bad, "enum": [bad], "format": bad});
    let reply = |content: Value| {
        json!({"description": bad, "content": content, "headers": {"X-A": {
        "description": bad, "schema": schema}}, "links": {bad: {"operationId": bad, "description": bad,
        "parameters": {bad: bad}}}})
    };
    let json_body = json!({bad: {"schema": {"$ref": "#/components/schemas/X"}}, "application/json": {
        "schema": {"$ref": "#/components/schemas/X"}, "examples": {bad: {"summary": bad, "value": {bad: bad}}}}});
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": bad, "version": bad, "description": bad, "summary": bad},
        "servers": [{"url": format!("https://{bad}"), "description": bad}],
        "tags": [{"name": bad, "description": bad}],
        "paths": {
            format!("/{path}"): {"post": {
                "operationId": bad, "summary": bad, "description": bad, "tags": [bad],
                "security": [{bad: [bad]}, {"key": []}, {"own": []}],
                "parameters": [{"name": bad, "in": "query", "description": bad, "schema": schema},
                    {"name": "X-B", "in": "header", "description": bad, "schema": schema, "example": bad}],
                "requestBody": {"description": bad, "content": json_body},
                "callbacks": {bad: {format!("http://{bad}"): {"post": {"description": bad,
                    "requestBody": {"content": json_body}, "responses": {"200": {"description": bad}}}}}},
                "responses": {"200": reply(json_body.clone()), "404": reply(json_body.clone()), "default": reply(json_body.clone())},
            }},
            "/items": {"get": {"operationId": "listItems", "summary": bad, "responses": {"200": reply(json!({"application/json": {
                "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Item"}}}}))}}},
            "/items/{id}": {"get": {"operationId": "getItem", "summary": bad, "parameters": [{"name": "id", "in": "path", "required": true,
                "schema": {"type": "string"}}], "responses": {"200": reply(json!({"application/json": {
                "schema": {"$ref": "#/components/schemas/Item"}}})), "404": {"description": bad}}},
                "patch": {"operationId": "changeItem", "summary": bad, "parameters": [{"name": "id", "in": "path", "required": true,
                "schema": {"type": "string"}}], "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Item"}}}},
                "responses": {"200": reply(json!({"application/json": {"schema": {"$ref": "#/components/schemas/Item"}}}))}}},
        },
        "components": {
            "securitySchemes": {
                bad: {"type": "oauth2", "description": bad, "flows": {"clientCredentials": {"tokenUrl": bad, "scopes": {bad: bad}}}},
                "key": {"type": "apiKey", "in": "header", "name": "X-Key", "description": bad, "x-credential-example": bad},
                "own": {"type": "http", "scheme": "x", "x-credential-example": bad}},
            "schemas": {
                "X": {"title": bad, "description": bad, "properties": {bad: {"description": bad, "type": "string"},
                    "one": {"oneOf": [{"$ref": "#/components/schemas/Item"}, {"title": bad, "properties": {"k": {"const": bad}}}],
                        "discriminator": {"propertyName": "k", "mapping": {bad: "#/components/schemas/Item"}}}},
                    "patternProperties": {"^a": {"description": bad}}, "dependentRequired": {bad: [bad]},
                    "if": {"required": [bad]}, "then": {"required": [bad]}, "not": {"required": [bad, "b"]}},
                bad: {"description": bad, "type": "string", "examples": [bad]},
                "Item": {"type": "object", "properties": {"id": {"type": "string"}, "name": {"type": "string", "description": bad},
                    "k": {"type": "string"}}}}},
    });
    let folder = Folder::of(&[("specs/shop.json", &document.to_string())]);
    folder.write(
        "fixtures/shop/items.yaml",
        json!([{"id": bad, "name": bad}]).to_string(),
    );
    let rules = json!({"operations": {"changeItem": {
        "require": [{"that": "next.name != '<b>'", "message": bad.replace(['{', '}'], "")}],
        "set": [{"at": "/name", "to": "'</code><script>alert(1)</script>`'"}]}}});
    folder.write("fixtures/shop/rules.yaml", rules.to_string());
    folder
}

/// The elements of a page with their attributes, as a browser reads them.
fn elements(page: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || c == '>')
            .expect("an end");
        let (name, mut tail) = rest.split_at(end);
        let mut attributes = Vec::new();
        loop {
            tail = tail.trim_start();
            if tail.starts_with('>') {
                break;
            }
            let end = tail.find(['=', '>', ' ']).expect("an end");
            let (name, after) = tail.split_at(end);
            let (value, after) = match after.strip_prefix("=\"") {
                Some(after) => after.split_once('"').expect("a quote"),
                None => ("", after),
            };
            attributes.push((name.to_owned(), value.to_owned()));
            tail = after;
        }
        found.push((name.to_owned(), attributes));
        rest = tail;
    }
    found
}

#[test]
fn hostile_texts_are_texts() {
    let long = "wide".repeat(500);
    let bad = [
        "<script>alert(1)</script><img src=x onerror=alert(1)></td></main>[x](javascript:alert(1))",
        "\" onclick=alert(1) x='--></style><svg onload=alert(1)> ![i](//e.example/i.png) <javascript:alert(1)>",
        "\u{202e}\u{0}\u{1b}[31m\u{2028}\u{85}</script><!-- `` ` ``` ~~~ \n\n# h\n\n<iframe src=//e.example>\n",
        "<a href=\"vbscript:x\">a</a> [b][c]\n\n[c]: data:text/html,x \"t\"\n\n| a |\n|---|\n| <form action=x> |",
        "' || ${x} {{x}} %0d%0a$(id)`id`\\",
        long.as_str(),
    ];
    const ATTRIBUTES: [&str; 34] = [
        "id",
        "href",
        "class",
        "lang",
        "charset",
        "name",
        "content",
        "http-equiv",
        "rel",
        "src",
        "defer",
        "type",
        "aria-label",
        "aria-current",
        "role",
        "tabindex",
        "popover",
        "popovertarget",
        "scope",
        "dir",
        "data-lang",
        "data-filter",
        "open",
        "colspan",
        "title",
        "start",
        "reversed",
        "alt",
        "datetime",
        "cite",
        "span",
        "abbr",
        "value",
        "rowspan",
    ];
    const REFUSED: [&str; 14] = [
        "img", "iframe", "svg", "form", "style", "object", "embed", "base", "input", "math",
        "video", "audio", "template", "textarea",
    ];
    for bad in bad {
        let folder = hostile(bad);
        let ended = run(folder.path(), &["docs", "specs/shop.json", "--out", "site"]);
        assert_eq!(ended.code, Some(0), "{}", ended.err);
        let files = files(&folder.path().join("site"));
        assert!(files.len() > 15, "{:?}", files.keys());
        // The contract for download is what it is.
        let is_said = |path: &str| !path.starts_with("assets/site") && !path.contains("/openapi.");
        for (path, text) in files.iter().filter(|(path, _)| is_said(path)) {
            let acts = |c: char| {
                c.is_control() && c != '\n' && c != '\t' || ('\u{202a}'..='\u{202e}').contains(&c)
            };
            assert!(!text.contains(acts), "a character that acts in {path}");
        }
        assert_linked(
            &files
                .iter()
                .map(|(path, page)| {
                    let page = page
                        .replace("href=\"https:", "data=\"https:")
                        .replace("href=\"http:", "data=\"http:");
                    (path.clone(), page)
                })
                .collect(),
        );
        for (path, page) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
            let elements = elements(page);
            let count = |name: &str| elements.iter().filter(|(of, _)| of == name).count();
            assert_eq!(
                (count("script"), count("main"), count("html")),
                (2, 1, 1),
                "{path}"
            );
            for (name, attributes) in &elements {
                assert!(
                    !REFUSED.contains(&name.to_lowercase().as_str()),
                    "{name} in {path}"
                );
                for (attribute, value) in attributes {
                    assert!(
                        ATTRIBUTES.contains(&attribute.as_str()),
                        "{attribute} of {name} in {path}"
                    );
                    let scheme = value
                        .split(['/', '?', '#'])
                        .next()
                        .unwrap_or_default()
                        .split_once(':');
                    let scheme = scheme.map_or("", |(scheme, _)| scheme);
                    let is_led = attribute == "href" && value != "data:,";
                    let is_fine = ["", "http", "https", "mailto"].contains(&scheme);
                    assert!(!is_led || is_fine, "{value} of {name} in {path}");
                }
            }
        }
        let index = files["assets/search.js"].strip_prefix("counterpartIndex(");
        let index = index
            .and_then(|index| index.trim_end().strip_suffix(')'))
            .expect("a call");
        serde_json::from_str::<Value>(index).expect("JSON");
        // Programs that take Markdown let HTML through.
        for (path, text) in files
            .iter()
            .filter(|(path, _)| path.ends_with(".md") || path.ends_with(".txt"))
        {
            let options = pulldown_cmark::Options::ENABLE_TABLES;
            for event in pulldown_cmark::Parser::new_ext(text, options) {
                match event {
                    Event::Html(html) | Event::InlineHtml(html) => panic!("{html} in {path}"),
                    Event::Start(Tag::Image { dest_url, .. }) => panic!("{dest_url} in {path}"),
                    Event::Start(Tag::Link { dest_url, .. }) => {
                        let scheme = dest_url.split(['/', '?', '#']).next().unwrap_or_default();
                        let is_fine = !scheme.contains(':') || scheme.starts_with("http");
                        assert!(is_fine, "{dest_url} in {path}");
                    }
                    _ => {}
                }
            }
        }
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

/// The words of a command, as a POSIX shell reads them.
fn shell_words(text: &str) -> Vec<String> {
    let (mut words, mut word, mut is_word) = (Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' => {
                is_word = true;
                word.extend(chars.by_ref().take_while(|c| *c != '\''));
            }
            '"' => {
                is_word = true;
                word.extend(chars.by_ref().take_while(|c| *c != '"'));
            }
            '\\' if chars.peek() == Some(&'\n') => drop(chars.next()),
            '\\' => word.extend(chars.next()),
            c if c.is_whitespace() => {
                if std::mem::take(&mut is_word) {
                    words.push(std::mem::take(&mut word));
                }
            }
            c => {
                is_word = true;
                word.push(c);
            }
        }
    }
    words.extend(is_word.then_some(word));
    words
}

/// What the mock answers to a command of curl.
fn status_of(mock: &Counterpart, command: &str, number: usize) -> u16 {
    let (before, command) = match command.strip_prefix("TOKEN=$(counterpart token") {
        Some(rest) => rest
            .split_once(")\ncurl")
            .expect("a command after the token"),
        None => ("", command.strip_prefix("curl").expect("a command")),
    };
    let scopes = shell_words(before).into_iter();
    let scopes: Vec<String> = scopes.filter(|word| word != "--scope").collect();
    let mut words = shell_words(command).into_iter();
    let url = words.next().expect("an address");
    let target = url.strip_prefix("http://127.0.0.1:4010").expect("the mock");
    let mut request = Request::new(Method::GET, target);
    while let Some(word) = words.next() {
        let mut next = || words.next().expect("a value");
        match word.as_str() {
            "--request" => request.method = next().parse().expect("a method"),
            "--header" => {
                let field = next();
                let (name, value) = field.split_once(": ").expect("a field");
                let now = std::time::SystemTime::now();
                let now = now
                    .duration_since(std::time::UNIX_EPOCH)
                    .expect("after 1970");
                let token = mock.host().token(&scopes, now.as_secs(), 60);
                let value = value.replace("$TOKEN", &token);
                let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
                request = request.with_header(name, &value);
            }
            "--data-raw" => request = request.with_body(next()),
            other => panic!("{other} of curl isn't known here"),
        }
    }
    // Each begins with the fixtures.
    let sandbox = HeaderName::from_static("counterpart-sandbox");
    let request = request.with_header(sandbox, &format!("of-{number}"));
    mock.host().answer(request).reply.status.as_u16()
}

#[test]
fn every_request_of_the_shipped_apis_pages_is_answered_as_they_say() {
    let folder = Folder::of(&[]);
    let specs = checkout().join("specs").display().to_string();
    let ended = run(folder.path(), &["docs", &specs, "--out", "site"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let files = files(&folder.path().join("site"));
    let mock = all_four();
    let (mut taken, mut refused) = (0, 0);
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".md")) {
        let mut heading = "";
        for part in text.split("\n\n") {
            if part.starts_with('#') {
                heading = part.trim_start_matches(['#', ' ']);
            }
            let Some(command) = part.strip_prefix("```sh\n") else {
                continue;
            };
            let command = command.trim_end_matches("```").trim_end();
            let status = status_of(&mock, command, taken + refused);
            match heading {
                "Sample" => {
                    taken += 1;
                    assert!((200..300).contains(&status), "{path}: {status}\n{command}");
                }
                _ => {
                    refused += 1;
                    assert_eq!(status.to_string(), heading, "{path}\n{command}");
                }
            }
        }
    }
    assert!(taken >= 12, "{taken} samples");
    assert!(refused >= 40, "{refused} refusals");
}

#[test]
fn a_long_example_weighs_no_page_down_and_a_service_without_a_title_has_a_name() {
    let statuses = ["400", "401", "404", "409", "410", "422"];
    let errors = statuses.map(|status| {
        let body =
            json!({"application/json": {"schema": {"type": "object", "required": ["code"]}}});
        (status, json!({"description": "No", "content": body}))
    });
    let mut responses: BTreeMap<&str, Value> = errors.into_iter().collect();
    responses.insert("204", json!({"description": "Done"}));
    let long = json!({"note": "long ".repeat(10_000)});
    let content = json!({"application/json": {"schema": {"type": "object"}, "example": long}});
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "", "version": "1"},
        "paths": {"/notes": {"post": {"operationId": "note", "requestBody": {"content": content}, "responses": responses}}},
    });
    let folder = Folder::of(&[("notes.json", &document.to_string())]);
    let ended = run(folder.path(), &["docs", "notes.json", "--out", "site"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let files = files(&folder.path().join("site"));
    let page = &files["notes/note.html"];
    assert!(page.len() < 100_000, "{}", page.len());
    assert!(page.contains("too many to be shown here"));
    let index = &files["notes/index.html"];
    assert!(index.contains("<title>notes</title>"), "{index}");
}
