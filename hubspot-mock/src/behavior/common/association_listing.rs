//! Associations as part of the JSON of a record.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::behavior::common::{Paging, Text};
use crate::store::{Associations, Store};
use crate::values::{RecordKey, TypeId};

/// The maximum number of associated records of one object type in the response to a read.
///
/// HubSpot's documents say that there is a limit, but not which.
const LONGEST: usize = 500;

/// Associated records by the name of their object type.
pub(crate) type Listing<'a> = BTreeMap<&'a str, Associated<'a>>;

/// The associated records of one object type.
#[derive(Debug, Serialize)]
pub(crate) struct Associated<'a> {
    results: Vec<AssociatedId<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paging: Option<Paging>,
}

#[derive(Debug, Serialize)]
struct AssociatedId<'a> {
    id: Text,
    #[serde(rename = "type")]
    ty: &'a str,
}

impl Associations {
    /// The live records of these object types that are associated with a record.
    pub(crate) fn listing<'a>(
        &'a self,
        store: &'a Store,
        node: RecordKey,
        types: &[TypeId],
    ) -> Listing<'a> {
        let mut listing = Listing::new();
        for to in types {
            let Some(collection) = store.collection(*to) else {
                continue;
            };
            let neighbours = self.neighbours(node, *to).into_iter().flatten();
            let mut neighbours = neighbours.filter(|(id, _)| collection.get(**id, false).is_some());
            let listed = neighbours.by_ref().take(LONGEST);
            let results = listed.flat_map(|(id, types)| {
                let types = types.iter().filter_map(|index| self.get(*index));
                types.map(|ty| AssociatedId {
                    id: Text(*id),
                    ty: &ty.name,
                })
            });
            let results = results.collect::<Vec<_>>();
            let paging = neighbours.next().map(|(id, _)| Paging::next(id));
            if !results.is_empty() {
                listing.insert(&collection.ty.plural, Associated { results, paging });
            }
        }
        listing
    }
}
