// The one way to the data: a transaction bound to a market, as the app role that row-level security holds.
import pg from "pg";

// As many connections in each process as Agora keeps in its one.
const pool = (globalThis.pool ??= new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 5 }));

export async function inMarket(market, read) {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query({ name: "bind", text: "select set_config('app.tenant_id', $1, true)", values: [market] });
    const found = await read(client);
    await client.query("commit");
    return found;
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

export async function one(text, values) {
  const { rows } = await pool.query({ name: text, text, values });
  return rows[0];
}
