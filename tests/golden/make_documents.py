"""Makes the documents of data/documents and the tables of data/tables with the tools that people make theirs with.

    python3 -m venv V
    V/bin/pip install ebooklib==0.20 python-docx==1.2.0 odfpy==1.4.1 reportlab==5.1.0 fpdf2==2.8.9 docutils pyarrow==26.0.1
    V/bin/python tests/golden/make_documents.py data/documents

groff and ghostscript (Debian) make one of the PDFs, docutils a page and an ODT. The texts are
ours. Dates and ids in the files differ from run to run, the texts do not.
"""
import pathlib
import subprocess
import sys

OUT = pathlib.Path(sys.argv[1])
OUT.mkdir(parents=True, exist_ok=True)
FERRY = "The ferry to Lornholm leaves at six. It carries mail, salt and a well-known piano tuner."
KEEPER = "The keeper of the light writes down every ship. On quiet days he writes down the gulls."
GERMAN = "Die Fähre überquert den Fluß bei jedem Wetter. Der Fährmann heißt Ümit."
CHINESE = "渡船每天早上六点开出。船上有邮件、盐和一位钢琴调音师。守塔人记下每一条船。"
LONG = ("A mill-owner at the upper weir kept a ledger in which every loaf, every sack and every quarrel of the valley was "
        "entered with the same patience, so that the historians who came a hundred years afterwards could tell the price of "
        "rye on the very day on which the bridge was carried away by the flood. ")


def epubs():
    from ebooklib import epub

    def book(name, title, chapters, order=None):
        b = epub.EpubBook()
        b.set_identifier(name)
        b.set_title(title)
        b.set_language("en")
        pages = []
        for number, (heading, body) in enumerate(chapters):
            page = epub.EpubHtml(title=heading, file_name=f"text/part {number}.xhtml")
            page.content = f"<html><head><title>{heading}</title></head><body><h1>{heading}</h1>{body}</body></html>"
            b.add_item(page)
            pages.append(page)
        b.toc = pages
        b.add_item(epub.EpubNcx())
        b.add_item(epub.EpubNav())
        b.spine = ["nav"] + [pages[i] for i in (order or range(len(pages)))]
        epub.write_epub(str(OUT / name), b)

    book("ferry.epub", "The Ferry", [("Morning", f"<p>{FERRY}</p><p>{KEEPER}</p>"), ("Evening", f"<p>{KEEPER}</p>")])
    book("order.epub", "Out of Order", [("Last", "<p>This is read last.</p>"), ("First", "<p>This&nbsp;is read first.</p>")], [1, 0])
    book("zh.epub", "渡船", [("第一章", f"<p>{CHINESE[:12]}\n{CHINESE[12:]}</p>"), ("第二章", f"<p>{CHINESE}</p>")])


def docxs():
    import docx

    d = docx.Document()
    d.core_properties.title = "Ferry report"
    d.add_heading("Report", 0)
    d.add_heading("Morning", 1)
    d.add_paragraph(FERRY)
    d.add_paragraph("Salt", style="List Bullet")
    d.add_paragraph("Mail", style="List Bullet")
    d.add_heading("Evening", 2)
    d.add_paragraph(KEEPER)
    d.save(OUT / "report.docx")
    d = docx.Document()
    table = d.add_table(rows=2, cols=2)
    for row, cells in zip(table.rows, (("Ship", "Hour"), ("Ada", "six"))):
        for cell, text in zip(row.cells, cells):
            cell.text = text
    hidden = d.add_paragraph("Seen. ").add_run("Unseen.")
    hidden.font.hidden = True
    d.add_paragraph(GERMAN)
    d.save(OUT / "table.docx")
    d = docx.Document()
    d.add_heading("渡船", 1)
    d.add_paragraph(CHINESE)
    run = d.add_paragraph().add_run("one")
    run.add_tab()
    run.add_text("two")
    run.add_break()
    run.add_text("three")
    d.save(OUT / "zh.docx")


def odts():
    from odf.opendocument import OpenDocumentText
    from odf import text, table, dc

    d = OpenDocumentText()
    d.meta.addElement(dc.Title(text="Ferry notes"))
    d.text.addElement(text.H(outlinelevel=1, text="Morning"))
    p = text.P(text="The ferry")
    p.addElement(text.S(c=2))
    p.addText("leaves")
    p.addElement(text.LineBreak())
    p.addText("at six.")
    d.text.addElement(p)
    note = text.Note(noteclass="footnote")
    note.addElement(text.NoteCitation(text="1"))
    body = text.NoteBody()
    body.addElement(text.P(text="Unless it snows."))
    note.addElement(body)
    p = text.P(text=KEEPER)
    p.addElement(note)
    d.text.addElement(p)
    d.save(str(OUT / "notes.odt"))
    d = OpenDocumentText()
    t = table.Table()
    for cells in (("Ship", "Hour"), ("Ada", "six")):
        r = table.TableRow()
        for c in cells:
            cell = table.TableCell()
            cell.addElement(text.P(text=c))
            r.addElement(cell)
        t.addElement(r)
    d.text.addElement(t)
    d.text.addElement(text.P(text=GERMAN))
    d.save(str(OUT / "table.odt"))
    source = f"Ferries\n=======\n\n{FERRY}\n\nGulls\n-----\n\n{KEEPER}\n\n- salt\n- mail\n"
    for writer, name, more in (("odt", "docutils.odt", []), ("html5", "docutils.html", ["--stylesheet="])):
        subprocess.run([sys.executable, "-m", "docutils", f"--writer={writer}", *more, "-", str(OUT / name)],
                       input=source.encode(), check=True)


def htmls():
    (OUT / "page.html").write_text(f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Ferry
times</title><style>p {{color: red}}</style></head>
<body><nav><a href="/">Home</a></nav><h2>Times</h2><p>{FERRY}<br>It waits for nobody.</p>
<script>var hidden = "no";</script><p hidden>not seen</p><ul><li>salt<li>mail</ul>
<table><tr><td>Ada<td>six</tr><tr><td>Mol<td>nine</tr></table><pre>
  two blanks
    four
</pre><p>soft&shy;ware &amp; salt&nbsp;water</p></body></html>
""", encoding="utf-8")
    (OUT / "latin1.html").write_bytes(
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"><title>Fähre</title></head><body><p>{GERMAN}</body></html>'.encode("latin-1"))
    (OUT / "gb.html").write_bytes(
        f'<html><head><meta charset="gb18030"></head><body><h1>渡船</h1><p>{CHINESE}</p></body></html>'.encode("gb18030"))


def pdfs():
    from reportlab.lib.pagesizes import A5
    from reportlab.pdfgen import canvas
    from reportlab.platypus import Paragraph, SimpleDocTemplate
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from fpdf import FPDF

    style = getSampleStyleSheet()

    def running(c, doc):
        c.drawString(60, 560, "The Ledger of the Valley")
        c.drawString(200, 30, f"page {doc.page}")

    story = []
    for chapter in range(1, 7):
        story.append(Paragraph(f"Chapter {chapter}", style["Heading1"]))
        story += [Paragraph(f"{number}. {LONG * 2}", style["Normal"]) for number in ("First", "Second", "Third")]
    SimpleDocTemplate(str(OUT / "ledger.pdf"), pagesize=A5, title="The Ledger").build(story, running, running)

    c = canvas.Canvas(str(OUT / "locked.pdf"), encrypt="secret")
    c.drawString(72, 700, FERRY)
    c.save()
    c = canvas.Canvas(str(OUT / "scan.pdf"))
    for _ in range(3):
        c.rect(72, 72, 300, 500, fill=1)
        c.showPage()
    c.save()
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    c = canvas.Canvas(str(OUT / "zh.pdf"))
    c.setFont("STSong-Light", 12)
    for i, line in enumerate((CHINESE[:18], CHINESE[18:])):
        c.drawString(72, 700 - 15 * i, line)
    c.save()

    f = FPDF()
    f.set_title("Two columns")
    f.add_page()
    f.set_font("Helvetica", size=11)
    with f.text_columns(ncols=2, gutter=10, text_align="J") as columns:
        columns.write(LONG * 4)
    f.output(str(OUT / "columns.pdf"))

    roff = ".ll 3i\n.po 1i\n.hy 1\n.ad b\n.ti 2m\n" + LONG + "\n.br\n.ti 2m\n" + FERRY + " " + LONG.replace("ledger", "well-known ledger") + "\n"
    pdf = subprocess.run(["groff", "-Tps"], input=roff.encode(), check=True, capture_output=True).stdout
    subprocess.run(["gs", "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", f"-sOutputFile={OUT / 'groff.pdf'}", "-"],
                   input=pdf, check=True)


def tables():
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = OUT.parent / "tables"
    out.mkdir(exist_ok=True)
    texts = [f"{FERRY} Number {i}." for i in range(40)]
    pq.write_table(pa.table({"id": list(range(40)), "text": texts}), out / "plain.parquet", row_group_size=16)
    odd = pa.table({"text": pa.array(texts + [None, CHINESE], pa.large_string()).dictionary_encode(),
                    "score": pa.array([float("nan")] * 42), "raw": pa.array([b"\xff\x00"] * 42)})
    pq.write_table(odd, out / "odd.parquet", compression="zstd")
    chats = [[{"content": f"Which boat is number {i}?", "role": "user"}, {"content": f"Mol {i}.", "role": "assistant"}]
             for i in range(30)]
    pq.write_table(pa.table({"messages": chats}), out / "chats.parquet", compression="gzip")


for make in (epubs, docxs, odts, htmls, pdfs, tables):
    make()
