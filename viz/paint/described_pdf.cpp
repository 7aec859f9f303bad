#include "viz/paint/described_pdf.h"

// What qpdf 11 asks for: its pointers are the standard's, as they are in 12.
#define POINTERHOLDER_TRANSITION 4
#include <qpdf/Buffer.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFObjectHandle.hh>
#include <qpdf/QPDFWriter.hh>

#include "viz/paint/utf8.h"

namespace viz {

namespace {

constexpr const char* cairo_name = "cairo";  // in messages

QPDFObjectHandle name(const char* text) {
    return QPDFObjectHandle::newName(text);
}

QPDFObjectHandle words(const std::string& text) {
    return QPDFObjectHandle::newUnicodeString(drawable(text));
}

// Goes through the elements below one, in their order.
template <typename Visit>
void walk(QPDFObjectHandle element, int depth, const Visit& visit) {
    constexpr int deepest = 32;
    if (!element.isDictionary() || depth > deepest) return;
    visit(element);
    QPDFObjectHandle children = element.getKey("/K");
    if (children.isArray()) {
        for (int i = 0; i < children.getArrayNItems(); ++i)
            walk(children.getArrayItem(i), depth + 1, visit);
    } else {
        walk(children, depth + 1, visit);
    }
}

// What is read is one document, not a heap of parts.
void put_into_document(QPDF& pdf, QPDFObjectHandle root) {
    QPDFObjectHandle parts = root.getKey("/K");
    if (parts.isDictionary() && parts.getKey("/S").isNameAndEquals("/Document")) return;
    QPDFObjectHandle element = QPDFObjectHandle::newDictionary();
    element.replaceKey("/Type", name("/StructElem"));
    element.replaceKey("/S", name("/Document"));
    element.replaceKey("/P", root);
    element.replaceKey("/K", parts);
    element = pdf.makeIndirectObject(element);
    if (parts.isArray()) {
        for (int i = 0; i < parts.getArrayNItems(); ++i) {
            if (parts.getArrayItem(i).isDictionary())
                parts.getArrayItem(i).replaceKey("/P", element);
        }
    } else if (parts.isDictionary()) {
        parts.replaceKey("/P", element);
    }
    root.replaceKey("/K", element);
}

}  // namespace

std::string described_pdf(const std::string& pdf, const std::vector<std::string>& figures,
                          const std::string& language) {
    QPDF document;
    document.setSuppressWarnings(true);
    document.processMemoryFile(cairo_name, pdf.data(), pdf.size());
    QPDFObjectHandle root = document.getRoot();
    root.replaceKey("/Lang", words(language));
    QPDFObjectHandle shown = QPDFObjectHandle::newDictionary();
    shown.replaceKey("/DisplayDocTitle", QPDFObjectHandle::newBool(true));
    root.replaceKey("/ViewerPreferences", shown);
    if (root.hasKey("/StructTreeRoot")) {
        QPDFObjectHandle marks = QPDFObjectHandle::newDictionary();
        marks.replaceKey("/Marked", QPDFObjectHandle::newBool(true));
        root.replaceKey("/MarkInfo", marks);
        put_into_document(document, root.getKey("/StructTreeRoot"));
    }
    size_t figure = 0;
    walk(root.getKey("/StructTreeRoot"), 0, [&](QPDFObjectHandle element) {
        QPDFObjectHandle kind = element.getKey("/S");
        if (!kind.isName() || kind.getName() != "/Figure" || figure >= figures.size()) return;
        const std::string& says = figures[figure++];
        if (!says.empty()) element.replaceKey("/Alt", words(says));
    });
    for (QPDFObjectHandle page : document.getAllPages()) {
        // Tab keys go through a page in the order of its parts.
        page.replaceKey("/Tabs", name("/S"));
    }
    QPDFWriter writer(document);
    writer.setOutputMemory();
    writer.setDeterministicID(true);
    writer.setObjectStreamMode(qpdf_o_generate);
    writer.write();
    const auto written = writer.getBufferSharedPointer();
    return {reinterpret_cast<const char*>(written->getBuffer()), written->getSize()};
}

}  // namespace viz
