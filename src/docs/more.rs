//! What an operation leads to: the addresses it is served at, links.

use crate::spec::{At, Document, Node};

/// How long an address is that is shown, in characters.
const LONG: usize = 300;

/// What may be asked next.
#[derive(Debug)]
pub(crate) struct LinkWords {
    /// Its name.
    pub name: String,
    /// The operation: its id, or a reference to it.
    pub operation: String,
    /// What the document says of it, in Markdown.
    pub description: String,
    /// The parameters that it gives, and what they are: expressions, or values.
    pub parameters: Vec<(String, String)>,
}

/// The links of a response.
pub(super) fn links(document: &Document, response: At) -> Vec<LinkWords> {
    let links = document.node(response).get("links");
    let links = links.into_iter().flat_map(Node::entries);
    let told = links.filter_map(|(name, link)| {
        let link = document.node(document.referred(link.at()));
        let operation = link
            .get("operationId")
            .or_else(|| link.get("operationRef"))?;
        let parameters = link.get("parameters").into_iter().flat_map(Node::entries);
        let description = link.get("description").and_then(Node::text);
        Some(LinkWords {
            name: name.into_owned(),
            operation: operation.text()?.into_owned(),
            description: description.unwrap_or_default().into_owned(),
            parameters: parameters
                .map(|(name, value)| {
                    let text = value.text().map(|text| text.into_owned());
                    let text = text.unwrap_or_else(|| value.value().to_string());
                    (name.into_owned(), text)
                })
                .collect(),
        })
    });
    told.collect()
}

/// The addresses that an operation is served at, by the document: its own, else those of its path,
/// else those of all. Variables have their defaults.
pub(super) fn servers(document: &Document, operation: At) -> Vec<String> {
    let node = document.node(operation);
    let pointer = document.origin(operation).pointer;
    let mut above: Vec<String> = pointer.tokens().collect();
    above.pop();
    let path = above
        .iter()
        .try_fold(document.root(), |node, token| node.child(token));
    let holders = [Some(node), path, Some(document.root())];
    let servers = holders.into_iter().flatten();
    let mut servers = servers.filter_map(|holder| holder.get("servers"));
    let servers = servers.next().into_iter().flat_map(Node::items);
    let urls = servers.filter_map(|server| {
        let mut url = server.get("url")?.text()?.into_owned();
        let variables = server.get("variables").into_iter().flat_map(Node::entries);
        for (name, variable) in variables {
            if let Some(default) = variable.get("default").and_then(Node::text) {
                url = url.replace(&format!("{{{name}}}"), &default);
            }
        }
        let is_whole = url.contains("://") && url.chars().count() <= LONG;
        is_whole.then(|| url.trim_end_matches('/').to_owned())
    });
    urls.take(5).collect()
}
