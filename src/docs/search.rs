//! The index that the search field looks into: lines of columns between tabs.

use super::escape::visible;
use super::markdown::plain;
use super::site::{Service, Site};
use crate::host::Host;
use crate::spec::{At, Document, Location, Node};
use serde_json::{Value, json};

/// The script that brings the index: read as a script, it is there from a disk too.
pub(super) fn script(site: &Site, host: &Host) -> String {
    let pages = "endpoints.html\tEndpoints\nauth.html\tAuthentication\nerrors.html\tErrors";
    let mut pages = pages.to_owned();
    for service in site.services.iter().filter(|of| of.changes.is_some()) {
        let title = format!("Changes of {}", plain(&service.title, 80));
        let path = format!("{}/changelog.html", service.slug);
        pages += &format!("\n{}", line(&[&path, &title]));
    }
    let services = site
        .services
        .iter()
        .map(|service| of_service(service, host));
    let index = json!({"v": 1, "pages": pages, "services": services.collect::<Vec<Value>>()});
    // In a script two separators of lines would end a text in old browsers.
    let text = index.to_string().replace('\u{2028}', "\\u2028");
    format!(
        "counterpartIndex({})\n",
        text.replace('\u{2029}', "\\u2029")
    )
}

fn of_service(service: &Service, host: &Host) -> Value {
    let contract = host.apis()[service.api].contract();
    let document = &contract.document;
    let stubs = contract.operations.stubs().iter();
    let operations = service.operations.iter().zip(stubs).map(|(entry, stub)| {
        let places = match contract.document.operation(stub) {
            Ok(operation) => places(document, &operation),
            Err(_) => String::new(),
        };
        let method = entry.method.to_ascii_lowercase();
        let columns = [&method, &entry.path, &entry.title, &entry.slug, &places];
        line(columns.map(String::as_str).as_slice())
    });
    let operations: Vec<String> = operations.collect();
    let schemas = service.schemas.iter().map(|schema| {
        let file = if schema.slug == schema.name {
            ""
        } else {
            &schema.slug
        };
        let properties = names(document, document.node(document.referred(schema.at)));
        line(&[&schema.name, file, &properties.join(" ")])
    });
    let webhooks = contract.operations.webhooks().iter();
    let webhooks = service.webhooks.iter().zip(webhooks).map(|(entry, of)| {
        let body = of.declared.body.iter();
        let body = body.flat_map(|body| body.content.first());
        let places = fields(document, body.filter_map(|content| content.schema));
        let method = entry.method.to_ascii_lowercase();
        let columns = [
            &method,
            &entry.path,
            &entry.title,
            &entry.slug,
            &places.join(" "),
        ];
        line(columns.map(String::as_str).as_slice())
    });
    json!({
        "name": service.slug,
        "title": plain(&service.title, 80),
        "operations": operations.join("\n"),
        "webhooks": webhooks.collect::<Vec<String>>().join("\n"),
        "schemas": schemas.collect::<Vec<String>>().join("\n"),
    })
}

/// The ids of parameters and of the properties of a body.
fn places(document: &Document, operation: &crate::spec::Operation) -> String {
    let parameters = operation.parameters.iter().map(|parameter| {
        let place = match parameter.location {
            Location::Path => "path",
            Location::Query => "query",
            Location::Header => "header",
            Location::Cookie => "cookie",
            Location::Querystring => "querystring",
        };
        format!("{place}.{}", parameter.name)
    });
    let body = operation.body.iter().flat_map(|body| body.content.first());
    let properties = fields(document, body.filter_map(|content| content.schema));
    let all = parameters.chain(properties);
    let all = all.filter(|name| !name.contains(char::is_whitespace));
    all.collect::<Vec<String>>().join(" ")
}

/// The ids of the properties of a body.
fn fields(document: &Document, schemas: impl Iterator<Item = At>) -> Vec<String> {
    let properties = schemas.flat_map(|at| names(document, document.node(document.referred(at))));
    properties.map(|name| format!("body.{name}")).collect()
}

fn names(document: &Document, schema: Node<'_>) -> Vec<String> {
    let properties = schema.get("properties");
    let properties = properties.and_then(|properties| document.resolve_map(properties));
    let names = properties.into_iter().flat_map(Node::entries);
    let names = names.map(|(name, _)| name.into_owned());
    names
        .filter(|name| !name.contains(char::is_whitespace))
        .collect()
}

fn line(columns: &[&str]) -> String {
    let columns = columns.iter().map(|text| {
        let text = visible(text);
        let words: Vec<&str> = text.split(char::is_whitespace).collect();
        words.join(" ")
    });
    let line = columns.collect::<Vec<String>>().join("\t");
    line.trim_end_matches('\t').to_owned()
}
