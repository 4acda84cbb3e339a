import { readWelcome } from "#lib/console/welcome.ts";

export default async function WelcomePage() {
  const { isReady, basePath } = await readWelcome();
  return (
    <main>
      <h1>Conduit</h1>
      <p className="lead">One OpenAI-compatible API in front of every provider.</p>
      <p className="status" data-ready={isReady}>
        {isReady ? "The gateway is ready." : "The database does not answer."}
      </p>
      <ul className="links">
        <li>
          <a href={`${basePath}/docs`}>Swagger UI</a>
          <span>both APIs, to try out</span>
        </li>
        <li>
          <a href={`${basePath}/redoc`}>ReDoc</a>
          <span>both APIs, to read</span>
        </li>
        <li>
          <a href={`${basePath}/openapi.json`}>openapi.json</a>
          <span>both APIs, for tools</span>
        </li>
      </ul>
    </main>
  );
}
