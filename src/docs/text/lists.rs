//! The pages that lead to others, as Markdown.

use super::write::{cell, code, escaped, line};
use super::{Text, Written};
use crate::docs::markdown::plain;
use crate::docs::overview::{Refusal, meaning, named, schemes};
use crate::docs::site::{Entry, Service};

impl Text<'_> {
    pub(super) fn index(&self) -> Written {
        let mut text = "# API reference\n\n".to_owned();
        for service in &self.site.services {
            let title = escaped(&service.title);
            let about = escaped(&plain(&service.description, 240));
            let version = escaped(&service.version);
            text += &format!(
                "- [{title}]({}) {version}: {about}\n",
                self.to(service, "index")
            );
        }
        let ending = self.ending;
        text += &format!(
            "\nEvery [endpoint](endpoints.{ending}), who may call what ([authentication](auth.{ending})), \
             and every [error](errors.{ending}).\n"
        );
        let title = "API reference".to_owned();
        Written::of(title, text)
    }

    pub(super) fn service_page(&self, service: &Service) -> Written {
        let mut text = format!(
            "# {}\n\nVersion {}\n",
            escaped(&service.title),
            escaped(&service.version)
        );
        self.with_leads(|leads| leads.prose(&mut text, &service.description, 2));
        for tag in &service.tags {
            text += &format!("\n## {}\n", escaped(tag.shown()));
            self.with_leads(|leads| leads.prose(&mut text, &tag.description, 3));
            let entries = tag
                .operations
                .iter()
                .map(|number| &service.operations[*number]);
            self.rows(&mut text, service, "Path", "", entries);
        }
        if !service.webhooks.is_empty() {
            text += "\n## Webhooks\n";
            let entries = service.webhooks.iter();
            self.rows(&mut text, service, "Webhook", "webhooks/", entries);
        }
        if !service.schemas.is_empty() {
            let to = self.to(service, "schemas/index");
            text += &format!("\nIts [schemas]({to}).\n");
        }
        if service.changes.is_some() {
            let to = self.to(service, "changelog");
            text += &format!("\nWhat has [changed]({to}).\n");
        }
        let title = service.title.clone();
        Written::of(title, text).about(&service.description)
    }

    pub(super) fn endpoints(&self) -> Written {
        let mut text = "# Endpoints\n\nEvery operation of every service.\n".to_owned();
        for service in &self.site.services {
            text += &format!("\n## {}\n", escaped(&service.title));
            self.rows(&mut text, service, "Path", "", service.operations.iter());
            if !service.webhooks.is_empty() {
                let entries = service.webhooks.iter();
                self.rows(&mut text, service, "Webhook", "webhooks/", entries);
            }
        }
        let title = "Endpoints".to_owned();
        Written::of(title, text)
    }

    /// A table of operations, or of webhooks: those of a folder of the service.
    pub(super) fn rows<'e>(
        &self,
        text: &mut String,
        service: &Service,
        named: &str,
        folder: &str,
        entries: impl Iterator<Item = &'e Entry>,
    ) {
        *text += &format!("\n| Method | {named} | Summary |\n|---|---|---|\n");
        for entry in entries {
            let to = self.to(service, &format!("{folder}{}", entry.slug));
            let path = cell(&code(&entry.path));
            let title = cell(&escaped(match entry.about.as_str() {
                "" => &entry.title,
                about => about,
            }));
            let more = if entry.is_deprecated {
                " (deprecated)"
            } else {
                ""
            };
            *text += &format!(
                "| {} | {path} | [{title}]({to}){more} |\n",
                line(&entry.method)
            );
        }
    }

    pub(super) fn access(&self) -> Written {
        let mut text = "# Authentication\n\nThe mock mints tokens for whoever asks: \
                        `counterpart token --scope SCOPE`, or a form with `scope` to \
                        `/_counterpart/tokens`.\n"
            .to_owned();
        for service in &self.site.services {
            let contract = self.host.apis()[service.api].contract();
            for (words, uses) in schemes(contract, service) {
                let (title, name) = (escaped(&service.title), code(&words.name));
                text += &format!("\n## {title}: {name}\n\n{}\n", escaped(&words.kind));
                self.with_leads(|leads| leads.prose(&mut text, &words.description, 3));
                if let Some(form) = &words.form {
                    text += &format!("\nIts form: {}\n", code(form));
                }
                text += "\n| Operation | Scopes |\n|---|---|\n";
                for (entry, scopes) in uses {
                    let scopes: Vec<String> = scopes.iter().map(|scope| code(scope)).collect();
                    let scopes = match scopes.is_empty() {
                        true => "none declared".to_owned(),
                        false => cell(&scopes.join(", ")),
                    };
                    let to = self.to(service, &entry.slug);
                    let title = cell(&escaped(&entry.title));
                    text += &format!("| [{title}]({to}) | {scopes} |\n");
                }
            }
        }
        let title = "Authentication".to_owned();
        Written::of(title, text)
    }

    /// Who answers an error.
    pub(super) fn error(&self, refusal: &Refusal) -> Written {
        let title = format!("Error {}", refusal.status);
        let mut text = format!("# {}\n\n{}\n", escaped(&title), meaning(refusal.key));
        for (service, operations) in &refusal.by {
            let service = &self.site.services[*service];
            text += &format!("\n## {}\n", escaped(&service.title));
            let entries = operations.iter().map(|number| &service.operations[*number]);
            self.rows(&mut text, service, "Path", "", entries);
        }
        Written::of(title, text)
    }

    pub(super) fn errors(&self) -> Written {
        let mut text = "# Errors\n\nWhere a contract doesn’t say otherwise, problem details \
                        (RFC 9457) in `application/problem+json`. All violations are told at \
                        once, an entry of `errors` for each.\n\n\
                        | Status | When | Answered by |\n|---|---|---|\n"
            .to_owned();
        let most = named(&self.site.refusals);
        for refusal in &self.site.refusals {
            let all = refusal.by.iter().flat_map(|(service, operations)| {
                let service = &self.site.services[*service];
                operations.iter().map(move |number| (service, *number))
            });
            let named = all.take(most).map(|(service, number)| {
                let entry = &service.operations[number];
                let to = self.to(service, &entry.slug);
                let title = escaped(&entry.title);
                match self.site.services.len() {
                    1 => format!("[{title}]({to})"),
                    _ => format!("[{title}]({to}) ({})", escaped(&service.title)),
                }
            });
            let mut named: Vec<String> = named.collect();
            if refusal.count() > most {
                let page = format!("{}.{}", refusal.page(), self.ending);
                named.push(format!("[all {}]({page})", refusal.count()));
            }
            let status = escaped(&refusal.status);
            let when = meaning(refusal.key);
            text += &format!("| {status} | {when} | {} |\n", cell(&named.join(", ")));
        }
        let title = "Errors".to_owned();
        Written::of(title, text)
    }
}
