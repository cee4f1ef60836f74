//! The pages of webhooks as Markdown.

use super::operation::message;
use super::write::{code, escaped, fenced};
use super::{Text, Written};
use crate::docs::message::{MessageWords, sending};
use crate::docs::request::BASE;
use crate::docs::samples::brief_sample;
use crate::docs::site::Service;

impl Text<'_> {
    pub(super) fn webhooks(&self, service: &Service) -> Written {
        let mut text = format!("# Webhooks of {}\n", escaped(&service.title));
        self.rows(
            &mut text,
            service,
            "Webhook",
            "webhooks/",
            service.webhooks.iter(),
        );
        let title = "Webhooks".to_owned();
        Written::of(title, text)
    }

    pub(super) fn webhook(&self, service: &Service, number: usize) -> Written {
        let title = service.webhooks[number].title.clone();
        let write = |words: &MessageWords| self.told_webhook(service, &title, words);
        let text = self.site.webhook(self.host, service, number, write);
        let text = text.unwrap_or_else(|| format!("# {}\n", escaped(&title)));
        let about = |words: &MessageWords| words.said().to_owned();
        let about = self.site.webhook(self.host, service, number, about);
        Written::of(title, text).about(&about.unwrap_or_default())
    }

    fn told_webhook(&self, service: &Service, title: &str, words: &MessageWords) -> String {
        let mut text = format!(
            "# {}\n\nThe service sends {} without being asked, to the URL that a receiver was \
             registered with.\n",
            escaped(title),
            code(&format!("{} {}", words.method, words.name)),
        );
        if let Some(id) = &words.id {
            text += &format!("\n- operationId: {}\n", code(id));
        }
        if words.is_deprecated {
            text += "\n**Deprecated.**\n";
        }
        self.with_leads(|leads| {
            if words.summary != title {
                leads.prose(&mut text, &words.summary, 2);
            }
            leads.prose(&mut text, &words.description, 2);
            message(&mut text, leads, words, "##");
        });
        let request = sending(self.host, service.api, &words.name, BASE);
        if let Ok(sample) = brief_sample(&request) {
            text += "\n## From the mock\n";
            fenced(&mut text, "sh", sample.trim_end());
        }
        let examples: Vec<String> = words.examples().map(code).collect();
        if !examples.is_empty() {
            let names = examples.join(", ");
            text += &format!("\n`\"example\"` beside the URL is one of {names}.\n");
        }
        text += &format!("\nFrom {}\n", code(&words.place));
        text
    }
}
