//! Which service an older document is of, and what has changed of it since.

use super::arguments::Docs as Arguments;
use super::style::{Style, clean};
use crate::diff;
use crate::docs::Docs;
use crate::host::Host;
use crate::spec::{LoadErrors, Reach};
use std::io::{self, Write};

/// The documentation of a host, with what has changed in it since the documents that were named.
///
/// # Errors
/// Why one of these can't be read.
pub(super) fn with_changes(
    mut docs: Docs,
    host: &Host,
    arguments: &Arguments,
) -> Result<Docs, LoadErrors> {
    let reach = Reach {
        allowed: arguments.sources.allow_ref.clone(),
        ..Reach::default()
    };
    let mut errors = Vec::new();
    let mut older = Vec::new();
    for path in &arguments.since {
        match diff::open(path, &reach) {
            Ok(document) => older.push((path.display().to_string(), document)),
            Err(LoadErrors(found)) => errors.extend(found),
        }
    }
    if !errors.is_empty() {
        return Err(LoadErrors(errors));
    }
    let titles: Vec<&str> = older.iter().map(|(_, old)| old.title.as_str()).collect();
    let services: Vec<&str> = host
        .apis()
        .iter()
        .map(|api| api.contract().title())
        .collect();
    let style = Style::of_stderr();
    for (number, service) in matched(&titles, &services).into_iter().enumerate() {
        let (path, old) = &older[number];
        let told = match service {
            Some(service) => {
                let api = &host.apis()[service];
                docs = docs.since(service, diff::changes(old, &api.contract().document));
                // What is matched by its title needs no word.
                if titles[number].eq_ignore_ascii_case(services[service]) {
                    continue;
                }
                format!(
                    "{path} ({}) is taken for what {} ({}) was",
                    titles[number],
                    api.name(),
                    services[service]
                )
            }
            None => format!(
                "{path} ({}) is of no service here, by its title or its place: its changes aren't told",
                titles[number]
            ),
        };
        let _ = writeln!(
            io::stderr(),
            "{}: {}",
            style.warning("warning"),
            clean(&told)
        );
    }
    Ok(docs)
}

/// The service of each older document: that of the same title, else that in the same place where
/// there are as many of both.
fn matched(titles: &[&str], services: &[&str]) -> Vec<Option<usize>> {
    let mut taken = vec![false; services.len()];
    let mut found: Vec<Option<usize>> = vec![None; titles.len()];
    let same: [fn(&str, &str) -> bool; 2] = [|one, other| one == other, str::eq_ignore_ascii_case];
    for is_same in same {
        for (number, title) in titles.iter().enumerate() {
            let mut free = services.iter().enumerate();
            let service = free.find(|(index, service)| !taken[*index] && is_same(title, service));
            if let (None, Some((index, _))) = (found[number], service) {
                taken[index] = true;
                found[number] = Some(index);
            }
        }
    }
    for (number, found) in found.iter_mut().enumerate() {
        if found.is_none() && titles.len() == services.len() && !taken[number] {
            taken[number] = true;
            *found = Some(number);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::matched;

    #[test]
    fn an_older_document_is_of_the_service_of_its_title_else_of_its_place() {
        let some = |numbers: &[usize]| numbers.iter().copied().map(Some).collect::<Vec<_>>();
        assert_eq!(matched(&["B", "A"], &["A", "B"]), some(&[1, 0]));
        assert_eq!(matched(&["b"], &["A", "B"]), some(&[1]));
        assert_eq!(matched(&["Old"], &["New"]), some(&[0]));
        assert_eq!(matched(&["Old", "B"], &["New", "B"]), some(&[0, 1]));
        assert_eq!(matched(&["Old"], &["A", "B"]), [None]);
        assert_eq!(matched(&["A", "A"], &["A"]), [Some(0), None]);
    }
}
