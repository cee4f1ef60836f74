use crate::wire::Pointer;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// Takes all targets out at once, so that no index moves before its turn, and a list of many
/// costs no more than one pass over it.
pub(super) fn remove(document: &mut Value, targets: &[Pointer]) -> Result<(), &'static str> {
    let mut by_holder: HashMap<Pointer, HashSet<String>> = HashMap::new();
    for target in targets {
        let Some((holder, token)) = target.split_last() else {
            return Err("the whole document can't be removed");
        };
        by_holder.entry(holder).or_default().insert(token);
    }
    let mut holders: Vec<(Pointer, HashSet<String>)> = by_holder.into_iter().collect();
    // The deepest first: what is removed above it would take its place along.
    holders.sort_by_cached_key(|(holder, _)| std::cmp::Reverse(holder.tokens().count()));
    for (holder, tokens) in holders {
        match document.pointer_mut(holder.as_str()) {
            Some(Value::Object(map)) => map.retain(|name, _| !tokens.contains(name)),
            Some(Value::Array(items)) => {
                let mut index = 0;
                items.retain(|_| {
                    let stays = !tokens.contains(&index.to_string());
                    index += 1;
                    stays
                });
            }
            _ => {}
        }
    }
    Ok(())
}
