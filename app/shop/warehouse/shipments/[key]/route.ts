import { answer, turnAway } from '../../door.ts';
import { byKey, isKey } from '../../shelf.ts';

/** What became of a key; 404 `unknown` where the warehouse has not heard of it. */
export async function GET(request: Request, { params }: RouteContext<'/shop/warehouse/shipments/[key]'>) {
  const refused = turnAway(request);
  if (refused) return refused;
  const { key } = await params;
  return answer(async () => (isKey(key) ? byKey(key) : undefined));
}
