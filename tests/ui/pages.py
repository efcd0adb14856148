#!/usr/bin/python3
"""pages.py: the business behind the invoices, by hand, in a real window.

The stories (--story NAME):
  business     Preferences: address, tax number looked at while it is typed, what a country brings along, rates, numbers,
               reminders; all of it is there after a restart
  books        a customer, a product, undo, search, a statement, at 360 pixels
  files        customers from a file with a dry run, the accountant's ZIP, what repeats, who owes how long"""
import os
import sys
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True
from cobro import arguments, new_link, window  # noqa: E402
from driver import key, shot, until, write, xdo   # noqa: E402


def picture(app, name):
    folder = os.environ.get('COBRO_UI_PICTURES')
    if folder:
        app.wait_idle(quiet=.3)
        shot(os.path.join(folder, name + '.png'))


def begin(app):
    """Past the first start: there is a link."""
    new_link(app, 'Coffee beans', '12.50')


def preferences(app, page=None):
    key('ctrl+comma')
    dialog = app.active('Preferences')
    if page:
        show(app, page)
    return dialog


def show(app, page):
    app.find(('toggle button', 'radio button', 'page tab', 'push button'), page).click()
    app.wait_idle()


def field(app, title):
    """The entry of that title, in a dialog sooner than in the window behind it, scrolled out of sight or not."""
    def found():
        for window_ in sorted(app.children, key=lambda node: node.name == 'Cobro') if hasattr(app, 'active') else [app]:
            entries = window_.find_all(('text', 'entry'), title, showing=False)
            if entries:
                return entries[0]
        return None
    return until(f'an entry {title!r}', found)


def reach(app, node, low=70, high=520):
    """Turns the wheel until it is in sight."""
    for _ in range(40):
        y, height = node.extents()[1], node.extents()[3]
        if low <= y and y + height <= high:
            break
        xdo('click', 4 if y < low else 5)
        app.wait_idle()
    return node


def fill(app, title, text):
    """Types into a row of the dialog, as somebody does who goes on with Tab."""
    reach(app, field(app, title)).type(text)
    key('Tab')
    app.wait_idle()


def texts(app):
    """All nodes of a dialog, and those of the window that are in sight: a whole window takes seconds to walk."""
    for top in app.children:
        yield from top.walk(showing=top.name == 'Cobro')


def says(app, words, seconds=20):
    return until(f'it says {words!r}', lambda: next((node for node in texts(app) if words in node.name), None), seconds)


def choose(app, name, value):
    """Opens the chooser of a row, types the beginning of the value, takes it."""
    reach(app, app.find('combo box', name, showing=False)).mouse()
    app.wait_idle()
    write(value)
    app.wait_idle()
    key('Return')
    app.wait_idle()


def business(build):
    with window(build) as app:
        begin(app)
        preferences(app)
        picture(app, 'business-empty')
        fill(app, 'Business Name', 'Café Ana')
        choose(app, 'Country', 'Spain')
        says(app, 'NIF')
        fill(app, 'Street and Number', 'Calle Mayor 5')
        fill(app, 'Postal Code', '28013')
        fill(app, 'City', 'Madrid')
        picture(app, 'business-spain')
        fill(app, 'NIF', 'B1234567')
        picture(app, 'business-wrong')
        fill(app, 'NIF', 'B12345678')
        says(app, 'It is well formed.')
        fill(app, 'IBAN', 'ES91 2100 0418 4502 0005 1332')
        picture(app, 'business-bank')

        # What Spain brings along.
        show(app, 'Taxes')
        for rate in ('IVA 21 %', 'IVA 10 %', 'IVA 4 %'):
            app.find('label', rate)
        picture(app, 'taxes')
        app.find('list item', 'Add a Tax Rate…').mouse()
        dialog = app.active('New Tax Rate')
        picture(app, 'tax-new')
        field(dialog, 'Percent').type('5,2')
        key('Return')
        app.active('Preferences')
        app.find('label', 'IVA 5.2 %')
        picture(app, 'taxes-more')

        show(app, 'Invoices')
        says(app, 'The next one is INV-2026-00001')
        fill(app, 'Invoices', 'F{yy}-{seq:4}')
        says(app, 'The next one is F26-0001')
        picture(app, 'numbering')
        fill(app, 'Credit Notes', 'CN-{year}')
        picture(app, 'numbering-wrong')
        show(app, 'E-Mail')
        app.find('label', '7 days after it was due')
        app.find('push button', 'Add a Reminder').click()
        app.find('label', '30 days after it was due')
        picture(app, 'mail')
        key('Escape')
        app.active('Cobro')
        assert not app.unnamed(), app.unnamed()
        assert app.quit() == 0

    # All of it was kept, and what broke a rule was not.
    with window(build) as app:
        app.find('label', 'Café Ana')
        preferences(app)
        assert field(app, 'City').text == 'Madrid'
        assert field(app, 'NIF').text == 'B12345678'
        show(app, 'Invoices')
        assert field(app, 'Invoices').text == 'F{yy}-{seq:4}'
        assert field(app, 'Credit Notes').text == 'CN-{year}-{seq:5}'
        show(app, 'Taxes')
        app.find('label', 'IVA 5.2 %')
        show(app, 'E-Mail')
        app.find('label', '30 days after it was due')
        key('Escape')
        app.wait_idle()
        assert app.quit() == 0


def place(app, name):
    """Goes to a place of the sidebar."""
    app.find('list item', f'^{name}$').mouse()
    app.wait_idle()


def row(app, words):
    return app.find('label', words)


def help_about(app, title, back):
    """F1 shows the page about what is shown; it can be read beside a dialog, too."""
    key('F1')
    app.active('Help').find('label', title)
    picture(app, 'help-' + back.lower().replace(' ', '-'))
    key('Escape')
    return app.active(back)


def books(build):
    with window(build) as app:
        begin(app)
        preferences(app)
        fill(app, 'Business Name', 'The Vacuum Shop')
        choose(app, 'Country', 'Australia')
        key('Escape')
        app.active('Cobro')

        # A customer: written down with keys alone, a wrong tax number is said while it is typed.
        place(app, 'Customers')
        app.find('label', 'No Customers Yet')
        picture(app, 'customers-empty')
        help_about(app, 'Keep customers, and send a statement', 'Cobro')
        app.find('push button', 'New Customer').click()
        app.active('New Customer')
        dialog = help_about(app, 'Keep customers, and send a statement', 'New Customer')
        write('Dust & Sons')
        picture(app, 'customer-new')
        app.find(('switch', 'check box', 'toggle button'), 'A Company').click()
        fill(app, 'E-Mail', 'pay@dust.example')
        fill(app, 'City', 'Sydney')
        fill(app, 'ABN', '12345678901')
        picture(app, 'customer-wrong')
        assert not dialog.find('push button', 'Save').sensitive
        fill(app, 'ABN', '51 824 753 556')
        says(app, 'It is well formed.')
        dialog.find('push button', 'Save').click()
        app.active('Cobro')
        says(app, 'pay@dust.example')
        picture(app, 'customer')
        key('alt+Left')

        # Archived, and back by undo.
        app.find('label', '1 customer')
        row(app, 'Dust & Sons').mouse()
        app.find('push button', 'Archive').click()
        app.find('push button', 'Undo')
        app.find('push button', 'Offer Again')
        key('ctrl+z')
        app.find('push button', 'Archive')
        key('alt+Left')

        # Found by a word; nothing found says so.
        key('ctrl+f')
        write('dust')
        row(app, 'Dust & Sons')
        write('zzz')
        app.find('label', 'Nothing Found')
        app.find('push button', 'Show All').click()
        row(app, 'Dust & Sons')
        picture(app, 'customers')

        # A product begins with the country's tax.
        place(app, 'Products')
        app.find('push button', 'New Product').click()
        dialog = app.active('New Product')
        write('Vacuum bags')
        fill(app, 'Price for One', '7,505')
        fill(app, 'Unit (Hour, kg …)', 'box')
        picture(app, 'product-new')
        dialog.find('push button', 'Save').click()
        app.active('Cobro')
        row(app, 'Vacuum bags')
        app.find('label', 'GST 10 %')
        picture(app, 'products')

        place(app, 'Payments')
        picture(app, 'payments')
        place(app, 'Customers')
        app.resize(360, 640)
        app.wait_idle(quiet=.3)
        picture(app, 'customers-narrow')
        row(app, 'Dust & Sons').mouse()
        says(app, 'pay@dust.example')
        picture(app, 'customer-narrow')
        app.find('push button', 'Statement…').click()
        app.active('Statement')
        says(app, 'Owed before')
        picture(app, 'statement')
        key('Escape')
        assert not app.unnamed(), app.unnamed()
        assert app.quit() == 0


def choose_file(app, path):
    """GTK's own chooser: a slash opens the place for a path. It writes the proposed name whenever it has read its folder,
    also into what is being typed: so it is looked at before Enter, and typed once more."""
    def typed():
        app.wait_idle(quiet=.3)
        key('ctrl+a')
        write(path)
        app.wait_idle()
        return any(node.text == path for node in app.find_all(('text', 'entry')))
    until('the chooser has the path', typed)
    key('Return')


def files(build):
    folder = os.environ['COBRO_UI_WORK']
    wrong, right = os.path.join(folder, 'wrong.csv'), os.path.join(folder, 'right.csv')
    with open(wrong, 'w', encoding='utf-8') as file:
        file.write('name,email,country,tax id\nAna,ana@example.com,ES,\nBea,nobody,AU,12345678901\n')
    with open(right, 'w', encoding='utf-8') as file:
        file.write('name,email,country\n"=Ana, the first",ana@example.com,ES\nBea,bea@example.com,AU\n')
    with window(build) as app:
        begin(app)
        preferences(app)
        fill(app, 'Business Name', 'The Vacuum Shop')
        key('Escape')
        app.active('Cobro')
        place(app, 'Customers')
        app.find('label', 'No Customers Yet')

        # A dry run says what is wrong, line by line; nothing is written.
        app.find('frame').act('win.import-customers')
        dialog = app.active('Import Customers')
        picture(app, 'import')
        app.find('list item', 'Choose a File…').mouse()
        choose_file(app, wrong)
        says(app, 'cannot be taken')
        says(app, 'Line 3')
        picture(app, 'import-wrong')
        assert not dialog.find('push button', 'Import').sensitive
        app.find('list item', '^Choose a File…').mouse()
        choose_file(app, right)
        says(app, '2 customers can be taken')
        picture(app, 'import-right')
        dialog.find('push button', 'Import').click()
        app.active('Cobro')
        row(app, '=Ana, the first')
        app.find('label', '2 customers')

        assert set(app.unnamed()) <= {"push button: 'GtkImage'"}, app.unnamed()      # the toast's own

        # The books as one file.
        app.find('frame').act('win.export-accounts')
        dialog = app.active('Export for the Accountant')
        picture(app, 'export')
        dialog.find('push button', 'Save…').click()
        out = os.path.join(folder, 'books.zip')
        choose_file(app, out)
        until('the ZIP is written', lambda: os.path.exists(out), seconds=30)
        app.active('Cobro')
        with zipfile.ZipFile(out) as books_zip:
            assert 'invoices.csv' in [os.path.basename(name) for name in books_zip.namelist()], books_zip.namelist()

        app.find('frame').act('win.recurring')
        app.active('Recurring Invoices')
        says(app, 'Nothing Repeats Yet')
        picture(app, 'recurring')
        key('Escape')
        app.active('Cobro')
        app.find('frame').act('win.aged-receivables')
        app.active('Aged Receivables')
        says(app, 'Nobody Owes You Anything')
        key('Escape')
        app.active('Cobro')
        assert app.quit() == 0


STORIES = {'business': business, 'books': books, 'files': files}


def main():
    def more(parser):
        parser.add_argument('--story', choices=STORIES, default='business', help='which one')
    told = arguments(__doc__.split('\n')[0], more)
    STORIES[told.story](told.build)


if __name__ == '__main__':
    main()
