//! What `serve` says once it listens, within one screen.

use super::style::{Style, clean};
use crate::host::Host;
use std::net::SocketAddr;
use std::time::Duration;

pub(super) fn render(
    host: &Host,
    address: SocketAddr,
    loaded: Duration,
    token: &str,
    has_control_token: bool,
    style: Style,
) -> String {
    let mut out = format!(
        "{} {}, ready in {} ms\n\n",
        style.bold("counterpart"),
        env!("CARGO_PKG_VERSION"),
        loaded.as_millis()
    );
    let width = host
        .apis()
        .iter()
        .map(|api| api.name().chars().count())
        .max()
        .unwrap_or(0);
    for api in host.apis() {
        let contract = api.contract();
        let collections = contract.collections();
        let items: usize = collections.iter().map(|(_, count)| count).sum();
        let name = clean(api.name());
        let pad = " ".repeat(width - api.name().chars().count());
        let url = format!("http://{address}{}", api.prefix());
        out += &format!("  {}{pad}  {}\n", style.bold(&name), clean(&url));
        let mut facts = vec![
            format!("{} {}", contract.title(), contract.version()),
            counted(contract.operations(), "operation"),
        ];
        if contract.broken() > 0 {
            facts.push(format!("{} not served, see above", contract.broken()));
        }
        if !collections.is_empty() {
            facts.push(counted(collections.len(), "collection"));
            facts.push(counted(items, "item"));
        }
        let facts = facts.join(", ");
        out += &format!("  {}  {}\n", " ".repeat(width), style.dim(&clean(&facts)));
    }
    let reachable = !address.ip().is_loopback();
    let control = match reachable && !has_control_token {
        true => "off: beyond this machine it needs a --control-token".to_owned(),
        false => format!("http://{address}/_counterpart/openapi.json"),
    };
    out += &format!("\n  control  {control}\n");
    if !token.is_empty() {
        out += &format!("  token    {token}\n");
        let note = "a bearer token for a day, with every scope that the contracts name";
        out += &format!("           {}\n", style.dim(note));
    }
    if reachable {
        let warning = match has_control_token {
            true => {
                "warning: other machines can reach this address, and with the token the control plane"
            }
            false => "warning: other machines can reach this address",
        };
        out += &format!("\n{}\n", style.warning(warning));
    }
    out
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
