//! Lists of records.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::values::TypeId;

/// The lists of an account by id.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    pub(crate) by_id: BTreeMap<u64, List>,
    pub(crate) folders: BTreeMap<u64, Folder>,
    last_id: u64,
    last_folder: u64,
}

/// The id of the folder that all others are in.
pub(crate) const ROOT: u64 = 0;

/// A folder of lists.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    pub(crate) name: String,
    /// The folder that it is in.
    pub(crate) parent: u64,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

/// A list.
#[derive(Clone, Debug)]
pub(crate) struct List {
    pub(crate) name: String,
    pub(crate) object_type: TypeId,
    pub(crate) folder: u64,
    pub(crate) processing: Processing,
    /// The `filterBranch` of the request; `null` if there is none.
    pub(crate) filter: Value,
    /// The records with the time when each was added, in milliseconds since 1970. Empty for a dynamic list.
    pub(crate) members: BTreeMap<u64, i64>,
    /// Rises with every change of the filter.
    pub(crate) version: u32,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) deleted_at: Option<i64>,
    /// When the list becomes a static one.
    pub(crate) conversion: Option<Conversion>,
    pub(crate) converted_at: Option<i64>,
}

impl List {
    /// Creates a list in the root folder, without a filter and members.
    pub(crate) const fn new(
        name: String,
        object_type: TypeId,
        processing: Processing,
        now: i64,
    ) -> Self {
        Self {
            name,
            object_type,
            folder: ROOT,
            processing,
            filter: Value::Null,
            members: BTreeMap::new(),
            version: 1,
            created_at: now,
            updated_at: now,
            deleted_at: None,
            conversion: None,
            converted_at: None,
        }
    }
}

/// When a dynamic list becomes a static one.
#[derive(Clone, Debug)]
pub(crate) struct Conversion {
    /// The JSON of the request.
    pub(crate) request: Value,
    pub(crate) time: ConversionTime,
}

/// The time of a conversion, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConversionTime {
    At(i64),
    /// After this time without a new member.
    Inactive(i64),
}

/// How a list gets its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Processing {
    /// By requests.
    Manual,
    /// By its filter, at any time.
    Dynamic,
    /// By its filter when it is created, and by requests.
    Snapshot,
}

impl Processing {
    pub(crate) const ALL: [Self; 3] = [Self::Manual, Self::Dynamic, Self::Snapshot];

    /// `processingType`
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Manual => "MANUAL",
            Self::Dynamic => "DYNAMIC",
            Self::Snapshot => "SNAPSHOT",
        }
    }
}

impl Lists {
    /// Adds a list and returns its id.
    pub(crate) fn add(&mut self, list: List) -> u64 {
        self.last_id += 1;
        self.by_id.insert(self.last_id, list);
        self.last_id
    }

    /// Whether there is a folder with this id. The root always is.
    pub(crate) fn has_folder(&self, id: u64) -> bool {
        id == ROOT || self.folders.contains_key(&id)
    }

    /// Adds a folder and returns its id.
    pub(crate) fn add_folder(&mut self, folder: Folder) -> u64 {
        self.last_folder += 1;
        self.folders.insert(self.last_folder, folder);
        self.last_folder
    }

    /// Whether a folder is another one, or in it at any depth.
    pub(crate) fn is_within(&self, folder: u64, other: u64) -> bool {
        let mut ancestors = std::iter::successors(Some(folder), |id| {
            self.folders.get(id).map(|folder| folder.parent)
        });
        ancestors.any(|id| id == other)
    }

    /// Whether a live list has a name.
    pub(crate) fn has_name(&self, name: &str, except: Option<u64>) -> bool {
        let mut lists = self.by_id.iter();
        lists
            .any(|(id, list)| Some(*id) != except && list.deleted_at.is_none() && list.name == name)
    }

    /// The name, with a number if another list has it.
    pub(crate) fn free_name(&self, name: &str) -> String {
        let numbered = (2..).map(|number| format!("{name} ({number})"));
        let mut names = std::iter::once(name.to_owned()).chain(numbered);
        let free = names.find(|name| !self.has_name(name, None));
        free.unwrap_or_else(|| name.to_owned())
    }

    /// Makes a merged record a member of the lists that one of its parts was a member of, since the earlier time.
    pub(crate) fn take_over(&mut self, ty: TypeId, old: u64, new: u64) {
        let lists = self.by_id.values_mut();
        for list in lists.filter(|list| list.object_type == ty) {
            if let Some(since) = list.members.remove(&old) {
                let member = list.members.entry(new).or_insert(since);
                *member = since.min(*member);
            }
        }
    }
}
