//! A site for other programs: which files there are, and what each program wants said in them.

use super::{Written, page};
use crate::docs::code::quoted;
use crate::docs::markdown::words;
use crate::docs::site::{Page, Service, Site, Tag};
use crate::host::Host;
use serde_json::json;

/// The program that a site is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavor {
    /// None that is known: front matter with `title` and `description`.
    Plain,
    /// mdBook: a book, whose pages stand in `src`.
    MdBook,
    /// Docusaurus 3: a folder of docs.
    Docusaurus,
    /// MkDocs: a project, whose pages stand in `docs`.
    MkDocs,
}

/// Of how many pages mdBook has an index to be searched: that of 2,500 has 80 MB.
const SEARCHED: usize = 600;
/// How the names of pages end.
const ENDING: &str = "md";

impl Flavor {
    /// Where the pages stand.
    fn folder(self) -> &'static str {
        match self {
            Flavor::MdBook => "src/",
            Flavor::MkDocs => "docs/",
            Flavor::Plain | Flavor::Docusaurus => "",
        }
    }
}

/// The paths of all files.
pub(in crate::docs) fn paths(site: &Site, flavor: Flavor) -> Vec<String> {
    // A list in Markdown may be of any length.
    let pages = site
        .pages()
        .filter(|(_, page)| !matches!(page, Page::Tag(..)));
    let pages = pages.filter_map(|(path, _)| {
        let name = path.strip_suffix(".html")?;
        Some(format!("{}{name}.{ENDING}", flavor.folder()))
    });
    let mut paths: Vec<String> = pages.collect();
    match flavor {
        Flavor::Plain => paths.extend(super::listings(site)),
        Flavor::MdBook => paths.extend(["book.toml".to_owned(), "src/SUMMARY.md".to_owned()]),
        Flavor::MkDocs => paths.push("mkdocs.yml".to_owned()),
        Flavor::Docusaurus => {
            for service in &site.services {
                paths.push(format!("{}/_category_.json", service.slug));
                if !service.webhooks.is_empty() {
                    paths.push(format!("{}/webhooks/_category_.json", service.slug));
                }
                if !service.schemas.is_empty() {
                    paths.push(format!("{}/schemas/_category_.json", service.slug));
                }
            }
        }
    }
    paths
}

/// The file of a path; nothing where there is none.
pub(in crate::docs) fn file(
    site: &Site,
    host: &Host,
    flavor: Flavor,
    path: &str,
) -> Option<String> {
    match (flavor, path) {
        (Flavor::MdBook, "book.toml") => return Some(book(site)),
        (Flavor::MdBook, "src/SUMMARY.md") => return Some(summary(site)),
        (Flavor::MkDocs, "mkdocs.yml") => return Some(nav(site)),
        (Flavor::Docusaurus, path) if path.ends_with("_category_.json") => {
            return category(site, path);
        }
        (Flavor::Plain, path) if super::is_listing(path) => {
            return super::listing(site, host, path);
        }
        _ => {}
    }
    let name = path.strip_prefix(flavor.folder())?.strip_suffix(".md")?;
    let of = site.page(&format!("{name}.html"))?;
    let written = page(site, host, of, ENDING);
    Some(front(flavor, &written, of) + &written.text)
}

/// What stands before a page.
fn front(flavor: Flavor, written: &Written, page: Page) -> String {
    let title = quoted(&written.title);
    let text = written.text.split_once('\n').map_or("", |(_, rest)| rest);
    let about = quoted(&match written.about.as_str() {
        "" => words(text, super::ABOUT),
        about => about.to_owned(),
    });
    match flavor {
        // It shows what stands there.
        Flavor::MdBook => String::new(),
        Flavor::Plain | Flavor::MkDocs => {
            format!("---\ntitle: {title}\ndescription: {about}\n---\n\n")
        }
        Flavor::Docusaurus => format!(
            "---\ntitle: {title}\nsidebar_label: {title}\nsidebar_position: {}\n\
             description: {about}\nmdx:\n  format: md\n---\n\n",
            position(page)
        ),
    }
}

/// The place of a page among those of its folder.
fn position(page: Page) -> usize {
    match page {
        Page::Index
        | Page::Service(_)
        | Page::Schemas(_)
        | Page::Webhooks(_)
        | Page::Contract(..) => 0,
        Page::Endpoints => 1,
        Page::Access => 2,
        Page::Errors => 3,
        Page::Error(number) => number,
        Page::Operation(_, number) | Page::OperationText(_, number) => number + 1,
        Page::Webhook(_, number) | Page::WebhookText(_, number) => number + 1,
        Page::Schema(_, number) | Page::Tag(_, number) => number + 1,
        // After all others.
        Page::Changes(_) | Page::ChangesText(_) => usize::from(u16::MAX),
    }
}

fn category(site: &Site, path: &str) -> Option<String> {
    let folder = path.strip_suffix("/_category_.json")?;
    let (folder, part) = folder.split_once('/').unwrap_or((folder, ""));
    let mut services = site.services.iter();
    let number = services.position(|service| service.slug == folder)?;
    let service = &site.services[number];
    let after = service.operations.len();
    let value = match part {
        "webhooks" => json!({"label": "Webhooks", "position": after + 1}),
        "schemas" => json!({"label": "Schemas", "position": after + 2}),
        _ => json!({"label": service.title, "position": number + 4}),
    };
    Some(format!("{value:#}\n"))
}

/// The pages of a service by what they belong to: the title, and the path without an ending.
fn operations<'s>(
    service: &'s Service,
    tag: &'s Tag,
) -> impl Iterator<Item = (&'s str, String)> + 's {
    let numbers = tag.operations.iter();
    numbers.map(|number| {
        let entry = &service.operations[*number];
        (
            entry.title.as_str(),
            format!("{}/{}", service.slug, entry.slug),
        )
    })
}

/// The pages of errors: the title, and the path without an ending.
fn errors(site: &Site) -> Vec<(String, String)> {
    let pages = site.pages().filter_map(|(_, page)| match page {
        Page::Error(number) => Some(&site.refusals[number]),
        _ => None,
    });
    pages
        .map(|of| (format!("Error {}", of.status), of.page()))
        .collect()
}

/// What mdBook is to do.
fn book(site: &Site) -> String {
    let mut out = "[book]\ntitle = \"API reference\"\n".to_owned();
    if site.pages().count() > SEARCHED {
        out += "\n# Its index of so many pages is more than browsers can load.\n\
                [output.html.search]\nenable = false\n";
    }
    out
}

fn summary(site: &Site) -> String {
    let link = |title: &str, path: &str| format!("[{}]({path}.md)", super::write::escaped(title));
    let mut out = "# Summary\n\n".to_owned();
    let first = [("Services", "index"), ("Endpoints", "endpoints")];
    let more = [("Authentication", "auth"), ("Errors", "errors")];
    for (title, path) in first.into_iter().chain(more) {
        out += &format!("{}\n", link(title, path));
    }
    for (title, path) in errors(site) {
        out += &format!("{}\n", link(&title, &path));
    }
    out += "\n";
    for service in &site.services {
        let folder = &service.slug;
        out += &format!("- {}\n", link(&service.title, &format!("{folder}/index")));
        for tag in &service.tags {
            for (title, path) in operations(service, tag) {
                out += &format!("  - {}\n", link(title, &path));
            }
        }
        if !service.webhooks.is_empty() {
            let index = format!("{folder}/webhooks/index");
            out += &format!("  - {}\n", link("Webhooks", &index));
        }
        for webhook in &service.webhooks {
            let path = format!("{folder}/webhooks/{}", webhook.slug);
            out += &format!("    - {}\n", link(&webhook.title, &path));
        }
        if !service.schemas.is_empty() {
            out += &format!(
                "  - {}\n",
                link("Schemas", &format!("{folder}/schemas/index"))
            );
        }
        for schema in &service.schemas {
            let path = format!("{folder}/schemas/{}", schema.slug);
            out += &format!("    - {}\n", link(&schema.name, &path));
        }
        if service.changes.is_some() {
            let path = format!("{folder}/changelog");
            out += &format!("  - {}\n", link("Changes", &path));
        }
    }
    out
}

fn nav(site: &Site) -> String {
    let mut out =
        "site_name: API reference\nnav:\n  - Services: index.md\n  - Endpoints: endpoints.md\n  \
                   - Authentication: auth.md\n  - Errors:\n      - errors.md\n"
            .to_owned();
    for (title, path) in errors(site) {
        out += &format!("      - {}: {path}.md\n", quoted(&title));
    }
    for service in &site.services {
        let folder = &service.slug;
        out += &format!(
            "  - {}:\n      - {folder}/index.md\n",
            quoted(&service.title)
        );
        for tag in &service.tags {
            out += &format!("      - {}:\n", quoted(tag.shown()));
            for (title, path) in operations(service, tag) {
                out += &format!("          - {}: {path}.md\n", quoted(title));
            }
        }
        if !service.webhooks.is_empty() {
            out += &format!("      - Webhooks:\n          - {folder}/webhooks/index.md\n");
        }
        for webhook in &service.webhooks {
            let name = quoted(&webhook.title);
            out += &format!(
                "          - {name}: {folder}/webhooks/{}.md\n",
                webhook.slug
            );
        }
        if !service.schemas.is_empty() {
            out += &format!("      - Schemas:\n          - {folder}/schemas/index.md\n");
        }
        for schema in &service.schemas {
            let name = quoted(&schema.name);
            out += &format!("          - {name}: {folder}/schemas/{}.md\n", schema.slug);
        }
        if service.changes.is_some() {
            out += &format!("      - Changes: {folder}/changelog.md\n");
        }
    }
    out
}
