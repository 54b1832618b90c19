import { z } from 'zod';
import { plainText } from './plain-text.ts';
import { shownLine, shownLineRow } from './reconciliation-view.ts';
import { can, router } from './trpc.ts';
import { mayUpload } from './upload.ts';

const rowsPerPage = 50;
const daysShown = 30;

const One = z.object({ id: z.uuid('There is no such file') });
const line = z.number().int().positive();

/** What providers say that they have settled, file by file and line by line, and what the bank says that came. */
export const reconciliationRouter = router({
  page: can('reconciliation:read')
    .input(z.object({ provider: plainText(40).optional(), after: z.uuid().optional() }))
    .query(async ({ ctx, input: { provider, after } }) => {
      const input = { limit: rowsPerPage, ...(provider && { provider }), ...(after && { after }) };
      return ctx.rooms.reconciliationPages.files(ctx.caller, input);
    }),

  /** What stands above the list: what is open, day by day and now, and what may be done. */
  overview: can('reconciliation:read').query(async ({ ctx }) => {
    const { reconciliationPages: pages, providers, uploads } = ctx.rooms;
    const [days, open, whole] = await Promise.all([
      pages.days(ctx.caller, daysShown),
      pages.open(ctx.caller),
      pages.seesWhole(ctx.caller),
    ]);
    const readable = uploads.providers();
    const upload = mayUpload(ctx.caller, whole) && readable.length > 0;
    return { days, open, providers: providers.names(), readable, can: { upload } };
  }),

  file: can('reconciliation:read')
    .input(One)
    .query(({ ctx, input }) => ctx.rooms.reconciliationPages.file(ctx.caller, input.id)),

  lines: can('reconciliation:read')
    .input(One.extend({ show: z.enum(['all', 'unmatched']), after: line.optional() }))
    .query(async ({ ctx, input: { id: fileId, show, after } }) => {
      const input = { fileId, show, limit: rowsPerPage, ...(after && { after }) };
      const { rows, next } = await ctx.rooms.reconciliationPages.lines(ctx.caller, input);
      return { rows: rows.map(shownLineRow), next };
    }),

  line: can('reconciliation:read')
    .input(One.extend({ line }))
    .query(async ({ ctx, input }) =>
      shownLine(await ctx.rooms.reconciliationPages.line(ctx.caller, { fileId: input.id, line: input.line })),
    ),

  quarantined: can('reconciliation:read')
    .input(One.extend({ after: line.optional() }))
    .query(({ ctx, input: { id: fileId, after } }) => {
      const input = { fileId, limit: rowsPerPage, ...(after && { after }) };
      return ctx.rooms.reconciliationPages.quarantined(ctx.caller, input);
    }),

  statements: can('reconciliation:read')
    .input(z.object({ after: z.uuid().optional() }))
    .query(async ({ ctx, input: { after } }) => {
      const { reconciliationPages: pages } = ctx.rooms;
      const [page, whole] = await Promise.all([
        pages.statements(ctx.caller, { limit: rowsPerPage, ...(after && { after }) }),
        pages.seesWhole(ctx.caller),
      ]);
      return { ...page, can: { upload: mayUpload(ctx.caller, whole) } };
    }),

  statement: can('reconciliation:read')
    .input(One.extend({ after: line.optional() }))
    .query(async ({ ctx, input: { id: statementId, after } }) => {
      const { reconciliationPages: pages } = ctx.rooms;
      const [statement, lines] = await Promise.all([
        pages.statement(ctx.caller, statementId),
        pages.bankLines(ctx.caller, { statementId, limit: rowsPerPage, ...(after && { after }) }),
      ]);
      return { statement, ...lines };
    }),
});
