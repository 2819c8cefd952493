//! The association types of an account, and which records are associated.
//!
//! Both directions of an association change together.

use std::collections::BTreeMap;

use crate::definitions::{AssociationType, Category, Spec};
use crate::generated_object_types::ASSOCIATION_TYPES;
use crate::values::{RecordKey, TypeId, TypeIndex};

/// The records of one object type that are associated with a record, each with the association types.
pub(crate) type Neighbours = BTreeMap<u64, Vec<TypeIndex>>;

/// The number of the first association type that an account defines. HubSpot's own numbers are lower.
const FIRST_NUMBER: u32 = 1001;

/// The association types of an account, and its associations.
#[derive(Debug, Default)]
pub(crate) struct Associations {
    /// By index. A removed type leaves a gap.
    types: Vec<Option<AssociationType>>,
    links: BTreeMap<(RecordKey, TypeId), Neighbours>,
}

/// Both directions of an association type that an account defines.
#[derive(Debug)]
pub(crate) struct Definition {
    pub(crate) from: TypeId,
    pub(crate) to: TypeId,
    pub(crate) names: [String; 2],
    pub(crate) labels: Option<[String; 2]>,
    pub(crate) now: i64,
}

impl Associations {
    /// Creates HubSpot's own association types, and no associations. `resolve` finds object types by name.
    pub(crate) fn standard(resolve: impl Fn(&str) -> Option<TypeId>) -> Self {
        let mut associations = Self::default();
        for standard in ASSOCIATION_TYPES {
            let [from, to] = standard.types.map(&resolve);
            let Some((from, to)) = from.zip(to) else {
                continue;
            };
            let direction = |index: usize, from, to, exclusive| AssociationType {
                number: standard.numbers[index],
                category: Category::HubspotDefined,
                from,
                to,
                name: standard.names[index].to_owned(),
                label: standard.labels.map(|labels| labels[index].to_owned()),
                inverse: 0,
                exclusive,
                created_at: None,
            };
            associations.add(
                direction(0, from, to, standard.exclusive),
                direction(1, to, from, false),
            );
        }
        associations
    }

    /// Adds both directions of a type. A type that is its own inverse is added once.
    fn add(&mut self, mut there: AssociationType, mut back: AssociationType) -> [TypeIndex; 2] {
        let first = TypeIndex::try_from(self.types.len()).unwrap_or(TypeIndex::MAX);
        if there.number == back.number {
            there.inverse = first;
            self.types.push(Some(there));
            return [first, first];
        }
        let second = first.saturating_add(1);
        (there.inverse, back.inverse) = (second, first);
        self.types.extend([Some(there), Some(back)]);
        [first, second]
    }

    /// Adds a type that the account defines.
    pub(crate) fn define(&mut self, definition: Definition) -> [TypeIndex; 2] {
        let used = self.types().map(|(_, ty)| ty.number).max().unwrap_or(0);
        let number = used.max(FIRST_NUMBER - 1).saturating_add(1);
        let Definition {
            from,
            to,
            names: [name, inverse_name],
            labels,
            now,
        } = definition;
        let [label, inverse_label] = labels.map_or([None, None], |labels| labels.map(Some));
        let direction = |number, from, to, name, label| AssociationType {
            number,
            category: Category::UserDefined,
            from,
            to,
            name,
            label,
            inverse: 0,
            exclusive: false,
            created_at: Some(now),
        };
        // Within one object type, a name that is the same in both directions needs one type only.
        let same = from == to && name == inverse_name;
        let second = if same {
            number
        } else {
            number.saturating_add(1)
        };
        self.add(
            direction(number, from, to, name, label),
            direction(second, to, from, inverse_name, inverse_label),
        )
    }

    pub(crate) fn types(&self) -> impl Iterator<Item = (TypeIndex, &AssociationType)> {
        let numbered = (0..).zip(&self.types);
        numbered.filter_map(|(index, ty)| Some((index, ty.as_ref()?)))
    }

    pub(crate) fn get(&self, index: TypeIndex) -> Option<&AssociationType> {
        self.types.get(usize::try_from(index).ok()?)?.as_ref()
    }

    /// The unlabeled type of two object types, which every association has. If there are several, the first defined.
    pub(crate) fn unlabeled(&self, from: TypeId, to: TypeId) -> Option<TypeIndex> {
        let mut types = self.types();
        let found = types.find(|(_, ty)| ty.from == from && ty.to == to && ty.label.is_none());
        found.map(|(index, _)| index)
    }

    /// The type that a request names, if it starts from this object type.
    pub(crate) fn named(&self, from: TypeId, spec: Spec) -> Option<TypeIndex> {
        let mut types = self.types();
        let matches = |ty: &AssociationType| {
            ty.from == from && ty.number == spec.number && ty.category == spec.category
        };
        types.find(|(_, ty)| matches(ty)).map(|(index, _)| index)
    }

    /// The records of an object type that are associated with a record.
    pub(crate) fn neighbours(&self, node: RecordKey, to: TypeId) -> Option<&Neighbours> {
        self.links.get(&(node, to))
    }

    /// The types of the association of two records; empty if they are not associated.
    pub(crate) fn between(&self, from: RecordKey, to: RecordKey) -> &[TypeIndex] {
        let neighbours = self.neighbours(from, to.0);
        let types = neighbours.and_then(|neighbours| neighbours.get(&to.1));
        types.map_or(&[], Vec::as_slice)
    }

    /// Associates two records with these types and the unlabeled one.
    pub(crate) fn link(&mut self, from: RecordKey, to: RecordKey, types: &[TypeIndex]) {
        let unlabeled = self.unlabeled(from.0, to.0);
        for index in types.iter().copied().chain(unlabeled) {
            let Some(ty) = self.get(index) else { continue };
            let (inverse, exclusive) = (ty.inverse, ty.exclusive);
            if exclusive {
                let others = self.neighbours(from, to.0).into_iter().flatten();
                let others = others.filter(|(id, types)| **id != to.1 && types.contains(&index));
                for other in others.map(|(id, _)| *id).collect::<Vec<_>>() {
                    self.unlink(from, (to.0, other), Some(&[index]));
                }
            }
            self.mark(from, to, index);
            self.mark(to, from, inverse);
        }
    }

    pub(crate) fn unlink(&mut self, from: RecordKey, to: RecordKey, types: Option<&[TypeIndex]>) {
        let present = self.between(from, to).to_vec();
        for index in present {
            if types.is_none_or(|types| types.contains(&index)) {
                let inverse = self.get(index).map_or(index, |ty| ty.inverse);
                self.unmark(from, to, index);
                self.unmark(to, from, inverse);
            }
        }
    }

    /// Moves the associations of `loser` to `survivor`.
    pub(crate) fn take_over(&mut self, loser: RecordKey, survivor: RecordKey) {
        for (neighbour, types) in self.forget(loser) {
            if neighbour != survivor {
                // Of an exclusive type, `survivor` keeps its own association.
                let types = types.into_iter().filter(|index| {
                    let exclusive = self.get(*index).is_some_and(|ty| ty.exclusive);
                    let own = self.neighbours(survivor, neighbour.0).into_iter().flatten();
                    !exclusive || !own.into_iter().any(|(_, types)| types.contains(index))
                });
                let types = types.collect::<Vec<_>>();
                self.link(survivor, neighbour, &types);
            }
        }
    }

    pub(crate) fn forget(&mut self, node: RecordKey) -> Vec<(RecordKey, Vec<TypeIndex>)> {
        let keys = self
            .links
            .range((node, TypeId::FIRST)..)
            .map(|(key, _)| *key);
        let keys = keys
            .take_while(|(from, _)| *from == node)
            .collect::<Vec<_>>();
        let mut ended = Vec::new();
        for key in keys {
            for (id, types) in self.links.get(&key).cloned().unwrap_or_default() {
                self.unlink(node, (key.1, id), None);
                ended.push(((key.1, id), types));
            }
        }
        ended
    }

    /// Removes the associations and the association types of an object type.
    pub(crate) fn forget_type(&mut self, id: TypeId) {
        self.links
            .retain(|((from, _), to), _| *from != id && *to != id);
        for ty in &mut self.types {
            if ty.as_ref().is_some_and(|ty| ty.from == id || ty.to == id) {
                *ty = None;
            }
        }
    }

    /// Sets the labels of a type that the account has defined. Without `inverse`, that of the other direction stays.
    pub(crate) fn relabel(&mut self, index: TypeIndex, label: String, inverse: Option<String>) {
        let other = self.get(index).map_or(index, |ty| ty.inverse);
        for (index, label) in [(Some(index), Some(label)), (Some(other), inverse)] {
            let place = index.and_then(|index| usize::try_from(index).ok());
            let ty = place.and_then(|place| self.types.get_mut(place)?.as_mut());
            if let (Some(ty), Some(label)) = (ty, label) {
                ty.label = Some(label);
            }
        }
    }

    /// Removes a type in both directions, with its associations.
    pub(crate) fn remove(&mut self, index: TypeIndex) {
        let inverse = self.get(index).map_or(index, |ty| ty.inverse);
        for removed in [index, inverse] {
            for neighbours in self.links.values_mut() {
                for types in neighbours.values_mut() {
                    types.retain(|known| *known != removed);
                }
                neighbours.retain(|_, types| !types.is_empty());
            }
            let place = usize::try_from(removed).ok();
            if let Some(ty) = place.and_then(|place| self.types.get_mut(place)) {
                *ty = None;
            }
        }
        self.links.retain(|_, neighbours| !neighbours.is_empty());
    }

    fn mark(&mut self, from: RecordKey, to: RecordKey, index: TypeIndex) {
        let neighbours = self.links.entry((from, to.0)).or_default();
        let types = neighbours.entry(to.1).or_default();
        if let Err(place) = types.binary_search(&index) {
            types.insert(place, index);
        }
    }

    fn unmark(&mut self, from: RecordKey, to: RecordKey, index: TypeIndex) {
        let key = (from, to.0);
        let Some(neighbours) = self.links.get_mut(&key) else {
            return;
        };
        if let Some(types) = neighbours.get_mut(&to.1) {
            types.retain(|known| *known != index);
            if types.is_empty() {
                neighbours.remove(&to.1);
            }
        }
        if neighbours.is_empty() {
            self.links.remove(&key);
        }
    }
}
