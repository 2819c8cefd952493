//! Writes object files in the formats of Linux, macOS and Windows, with given constants.

use object::write::{Object, StandardSegment, Symbol, SymbolSection};
use object::{
    Architecture, BinaryFormat, Endianness, SectionKind, SymbolFlags, SymbolKind, SymbolScope,
};

/// An object file of another system with `data` among its constants.
pub(crate) fn object(format: BinaryFormat, architecture: Architecture, data: &[u8]) -> Vec<u8> {
    let mut object = Object::new(format, architecture, Endianness::Little);
    let segment = object.segment_name(StandardSegment::Data).to_vec();
    let (name, kind) = match format {
        BinaryFormat::MachO => (&b"__const"[..], SectionKind::ReadOnlyData),
        BinaryFormat::Coff => (&b".rdata"[..], SectionKind::ReadOnlyData),
        _ => (&b".rodata"[..], SectionKind::ReadOnlyData),
    };
    let section = object.add_section(segment, name.to_vec(), kind);
    object.append_section_data(section, data, 1);
    object.add_symbol(Symbol {
        name: b"constants".to_vec(),
        value: 0,
        size: data.len() as u64,
        kind: SymbolKind::Data,
        scope: SymbolScope::Compilation,
        weak: false,
        section: SymbolSection::Section(section),
        flags: SymbolFlags::None,
    });
    object.write().unwrap()
}

/// A program for Windows with `data` among its constants.
pub(crate) fn windows(data: &[u8]) -> Vec<u8> {
    use object::pe;
    use object::write::pe::{NtHeaders, Writer};

    let mut bytes = Vec::new();
    let mut writer = Writer::new(true, 0x1000, 0x200, &mut bytes);
    writer.reserve_dos_header_and_stub();
    writer.reserve_nt_headers(0);
    writer.reserve_section_headers(1);
    let length = u32::try_from(data.len()).unwrap();
    let range = writer.reserve_rdata_section(length);
    writer.write_dos_header_and_stub().unwrap();
    writer.write_nt_headers(NtHeaders {
        machine: pe::IMAGE_FILE_MACHINE_AMD64,
        time_date_stamp: 0,
        characteristics: pe::IMAGE_FILE_EXECUTABLE_IMAGE,
        major_linker_version: 0,
        minor_linker_version: 0,
        address_of_entry_point: 0,
        image_base: 0x1_4000_0000,
        major_operating_system_version: 0,
        minor_operating_system_version: 0,
        major_image_version: 0,
        minor_image_version: 0,
        major_subsystem_version: 0,
        minor_subsystem_version: 0,
        subsystem: pe::IMAGE_SUBSYSTEM_WINDOWS_CUI,
        dll_characteristics: pe::DllFlags(0),
        size_of_stack_reserve: 0,
        size_of_stack_commit: 0,
        size_of_heap_reserve: 0,
        size_of_heap_commit: 0,
    });
    writer.write_section_headers();
    writer.write_section(range.file_offset, data);
    bytes
}

/// Two programs for macOS in one file.
pub(crate) fn universal(data: &[u8]) -> Vec<u8> {
    let parts = [
        (
            0x0100_0007_u32,
            object(BinaryFormat::MachO, Architecture::X86_64, data),
        ),
        (
            0x0100_000c,
            object(BinaryFormat::MachO, Architecture::Aarch64, data),
        ),
    ];
    let mut bytes = Vec::new();
    bytes.extend(0xcafe_babe_u32.to_be_bytes());
    bytes.extend(2_u32.to_be_bytes());
    let mut offset = 4096_u32;
    for (processor, part) in &parts {
        let size = u32::try_from(part.len()).unwrap();
        for number in [*processor, 0, offset, size, 12] {
            bytes.extend(number.to_be_bytes());
        }
        offset += size.next_multiple_of(4096);
    }
    for (_, part) in &parts {
        bytes.resize(bytes.len().next_multiple_of(4096), 0);
        bytes.extend(part);
    }
    bytes
}
