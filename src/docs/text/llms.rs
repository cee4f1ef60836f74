//! What language models read first (llmstxt.org): a list of the pages, and the pages in one.

use super::twin;
use super::write::{code, escaped};
use crate::docs::markdown::plain;
use crate::docs::site::{Page, Service, Site};
use crate::host::Host;

/// How many operations are listed in one file.
const LISTED: usize = 300;
/// How many operations are told in one file.
const TOLD: usize = 60;
/// How long a file with whole pages is, in bytes.
const SIZE: usize = 1024 * 1024;

const LIST: &str = "llms.txt";
const FULL: &str = "llms-full.txt";

/// The paths of these files: one of each, and where there is too much for one of them, another for
/// each service.
pub(in crate::docs) fn listings(site: &Site) -> Vec<String> {
    let count = count(site);
    let mut paths = vec![LIST.to_owned(), FULL.to_owned()];
    for service in &site.services {
        if count > LISTED {
            paths.push(format!("{}/{LIST}", service.slug));
        }
        if count > TOLD {
            paths.push(format!("{}/{FULL}", service.slug));
        }
    }
    paths
}

/// Whether a path is one of theirs.
pub(in crate::docs) fn is_listing(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name == LIST || name == FULL
}

/// The file of a path.
pub(in crate::docs) fn listing(site: &Site, host: &Host, path: &str) -> Option<String> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let mut services = site.services.iter();
    let service = services.position(|service| service.slug == folder);
    match (name, service) {
        (LIST, None) if folder.is_empty() => Some(list(site)),
        (LIST, Some(number)) if count(site) > LISTED => {
            let service = &site.services[number];
            let mut out = head(&service.title, &service.description);
            operations(&mut out, service, "");
            Some(out)
        }
        (FULL, None) if folder.is_empty() => Some(full(site, host, None)),
        (FULL, Some(number)) if count(site) > TOLD => Some(full(site, host, Some(number))),
        _ => None,
    }
}

fn count(site: &Site) -> usize {
    let services = site.services.iter();
    services
        .map(|service| service.operations.len() + service.webhooks.len())
        .sum()
}

fn head(title: &str, about: &str) -> String {
    let about = escaped(&plain(about, 400));
    match about.is_empty() {
        true => format!("# {}\n", escaped(title)),
        false => format!("# {}\n\n> {about}\n", escaped(title)),
    }
}

fn list(site: &Site) -> String {
    let mut out = match site.services.as_slice() {
        [only] => head(&only.title, &only.description),
        several => {
            let titles: Vec<&str> = several.iter().map(|of| of.title.as_str()).collect();
            head("API reference", &format!("The APIs {}.", titles.join(", ")))
        }
    };
    out += "\nEach operation has a page as Markdown: parameters, body, rules, replies, errors with the \
            requests that bring them about, and a sample that a mock takes as it stands.\n";
    let is_split = count(site) > LISTED;
    if is_split {
        out += "\n## Services\n\n";
    }
    for service in &site.services {
        match is_split {
            true => {
                let title = escaped(&service.title);
                let number = service.operations.len();
                let to = format!("{}/{LIST}", service.slug);
                out += &format!("- [{title}]({to}): its {number} operations\n");
            }
            false => operations(&mut out, service, &format!("{}/", service.slug)),
        }
    }
    out += "\n## Optional\n\n";
    out += &format!("- [All pages in one]({FULL})\n");
    out
}

/// The operations of a service, below a heading for each tag, and its webhooks.
fn operations(out: &mut String, service: &Service, folder: &str) {
    for tag in &service.tags {
        let title = match folder {
            "" => escaped(tag.shown()),
            _ => format!("{}: {}", escaped(&service.title), escaped(tag.shown())),
        };
        *out += &format!("\n## {title}\n\n");
        for number in &tag.operations {
            let entry = &service.operations[*number];
            let name = code(&format!("{} {}", entry.method, entry.path));
            let title = escaped(&entry.title);
            *out += &format!("- [{title}]({folder}{}.md): {name}\n", entry.slug);
        }
    }
    if let Some(changes) = &service.changes {
        let summary = escaped(&changes.summary());
        *out += &format!("- [Changes]({folder}changelog.md): {summary}\n");
    }
    if !service.webhooks.is_empty() {
        *out += &match folder {
            "" => "\n## Webhooks\n\n".to_owned(),
            _ => format!("\n## {}: Webhooks\n\n", escaped(&service.title)),
        };
    }
    for entry in &service.webhooks {
        let name = code(&format!("{} {}", entry.method, entry.path));
        let title = escaped(&entry.title);
        let to = format!("{folder}webhooks/{}.md", entry.slug);
        *out += &format!("- [{title}]({to}): {name}, sent without being asked\n");
    }
}

/// The pages of operations one after the other: of all services, or of one.
fn full(site: &Site, host: &Host, of: Option<usize>) -> String {
    if of.is_none() && count(site) > TOLD {
        let mut out = "# API reference\n\nThis is too much for one file; there is one for each \
                       service.\n\n## Services\n\n"
            .to_owned();
        for service in &site.services {
            let title = escaped(&service.title);
            out += &format!("- [{title}]({}/{FULL})\n", service.slug);
        }
        return out;
    }
    let mut out = String::new();
    for (number, service) in site.services.iter().enumerate() {
        if of.is_some_and(|of| of != number) {
            continue;
        }
        if !out.is_empty() {
            out += "\n---\n\n";
        }
        out += &head(&service.title, &service.description);
        let operations = 0..service.operations.len();
        let operations = operations.map(|of| Page::OperationText(number, of));
        let webhooks = 0..service.webhooks.len();
        let webhooks = webhooks.map(|of| Page::WebhookText(number, of));
        for (told, page) in operations.chain(webhooks).enumerate() {
            let kept = service.twins.take(page);
            let page = kept.unwrap_or_else(|| twin(site, host, page));
            if out.len() + page.len() > SIZE {
                let left = service.operations.len() + service.webhooks.len() - told;
                out += &format!(
                    "\n---\n\nThe other {left} pages are left out here: `{LIST}` lists them.\n"
                );
                break;
            }
            out += &format!("\n---\n\n{page}");
        }
    }
    out
}
