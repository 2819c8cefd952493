//! What has changed in the types of associations.

use hubspot_codegen::records::{Association, AssociationNames, Object, association_names};

use super::code::Code;
use super::{Difference, breaking, harmless, if_breaking};

/// What has changed in the associations. One that is gone, or whose constant gets another name, breaks code that names the
/// constant.
pub(super) fn compare(
    before: &Object,
    now: &Object,
    is_known: impl Fn(&Association) -> bool,
    code: &Code<'_>,
    found: &mut Vec<Difference>,
) {
    let places = |names: &AssociationNames| {
        let AssociationNames {
            constant, label, ..
        } = names;
        let is_used = |name: &String| code.source.names.contains(name);
        let constant = is_used(constant).then(|| format!("the constant `{constant}`"));
        let label = label
            .iter()
            .all(is_used)
            .then(|| format!("`{}`", label.join("::")));
        constant.into_iter().chain(label).collect::<Vec<_>>()
    };
    let (names, renamed) = (association_names(before), association_names(now));
    for (old, names) in before.associations.iter().zip(names) {
        let mut same = now.associations.iter().zip(&renamed);
        let same = same.find(|(new, _)| is_same(old, new));
        let shown = shown(old);
        if !is_known(old) {
            let text = format!("{shown} cannot be read");
            found.extend(if_breaking(text, places(&names)));
            continue;
        }
        let Some((new, renamed)) = same else {
            found.push(breaking(format!("{shown} is gone"), places(&names)));
            continue;
        };
        if new.label != old.label {
            let label = new.label.as_deref().unwrap_or("none");
            found.push(harmless(format!("the label of {shown} is now {label}")));
        }
        if *renamed != names {
            let (constant, label) = (&renamed.constant, renamed.label.join("::"));
            let text = format!("{shown} will be `{constant}` and `{label}`");
            found.extend(if_breaking(text, places(&names)));
        }
    }
    let added = now.associations.iter();
    let added = added.filter(|new| !before.associations.iter().any(|old| is_same(old, new)));
    found.extend(added.map(|new| harmless(format!("{} was added", shown(new)))));
}

/// HubSpot and the account number their types apart. Without the category, the number tells.
fn is_same(old: &Association, new: &Association) -> bool {
    let categories = old.category.as_ref().zip(new.category.as_ref());
    (&old.to, old.type_id) == (&new.to, new.type_id)
        && categories.is_none_or(|(old, new)| old == new)
}

fn shown(association: &Association) -> String {
    let label = association.label.as_deref();
    let label = label.map_or_else(String::new, |label| format!(" ({label})"));
    let Association { to, type_id, .. } = association;
    format!("association type {type_id}{label} to `{to}`")
}
