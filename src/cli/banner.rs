//! What `serve` says once it listens, within one screen.

use super::style::{Style, clean};
use crate::host::Host;
use std::net::SocketAddr;
use std::time::Duration;

/// The longest list of collections that is shown, in characters.
const COLLECTIONS: usize = 60;

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
        let collections: Vec<String> = contract
            .collections()
            .iter()
            .map(|(name, count)| format!("{name} ({count})"))
            .collect();
        let name = clean(api.name());
        let pad = " ".repeat(width - api.name().chars().count());
        let url = format!("http://{address}{}", api.prefix());
        out += &format!("  {}{pad}  {}\n", style.bold(&name), clean(&url));
        let mut facts = format!(
            "{} {}, {} operation{}",
            contract.title(),
            contract.version(),
            contract.operations(),
            if contract.operations() == 1 { "" } else { "s" }
        );
        match contract.broken() {
            0 => {}
            broken => facts += &format!(" ({broken} not served, see above)"),
        }
        if !collections.is_empty() {
            let list = collections.join(", ");
            let list: String = match list.chars().count() > COLLECTIONS {
                true => list.chars().take(COLLECTIONS).chain(['…']).collect(),
                false => list,
            };
            facts += &format!(", {list}");
        }
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
