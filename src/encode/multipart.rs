//! The framing of multipart bodies (RFC 2046 §5.1).

use ring::digest::{Context, SHA256};

/// A part: its header fields, and its body.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) fields: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// A boundary that occurs in no part; of the same parts always the same one.
pub(super) fn boundary(parts: &[Part]) -> String {
    let mut digest = Context::new(&SHA256);
    for part in parts {
        digest.update(&part.body.len().to_be_bytes());
        digest.update(&part.body);
    }
    loop {
        let sum = digest.clone().finish();
        let first = sum.as_ref().iter().take(12);
        let hex: String = first.map(|byte| format!("{byte:02x}")).collect();
        let boundary = format!("counterpart-{hex}");
        if !occurs(&boundary, parts) {
            return boundary;
        }
        digest.update(sum.as_ref());
    }
}

pub(super) fn occurs(boundary: &str, parts: &[Part]) -> bool {
    let delimiter = format!("--{boundary}").into_bytes();
    let mut windows = parts
        .iter()
        .flat_map(|part| part.body.windows(delimiter.len()));
    windows.any(|window| window == delimiter)
}

pub(super) fn frame(parts: &[Part], boundary: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for part in parts {
        out.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        for (name, value) in &part.fields {
            out.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(&part.body);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    out
}

/// A name as a parameter of `Content-Disposition`, in UTF-8 and escaped as browsers do it
/// (HTML §4.10.21.8), and a backslash as a quoted string needs it (RFC 9110 §5.6.4).
pub(super) fn quoted(name: &str) -> String {
    let mut out = String::from("\"");
    for c in name.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("%22"),
            c if c.is_ascii_control() && c != '\t' => {
                out.push_str(&format!("%{:02X}", u32::from(c)))
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
