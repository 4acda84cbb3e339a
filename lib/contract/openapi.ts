import { z } from "zod";
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from "zod-openapi";
import { ADMIN_OPERATIONS } from "./openapi-admin.ts";
import { INFERENCE_OPERATIONS } from "./openapi-inference.ts";
import type { Operation } from "./operation.ts";

const errorAnswer = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string(),
    }),
  })
  .meta({ id: "Error" });

const JSON_TYPE = "application/json";

/**
 * The OpenAPI 3.1 document of both APIs, made from the schemas that requests are checked with.
 * `basePath` is the prefix under which the app is served.
 */
export function makeOpenApiDocument({ basePath }: { basePath: string }) {
  return createDocument(
    {
      openapi: "3.1.0",
      info: {
        title: "Conduit",
        version: "1",
        summary: "One OpenAI-compatible API in front of every provider.",
        description:
          "`/v1` speaks OpenAI's API and takes virtual keys (`cnd_sk_…`). `/admin/v1` takes the admin key, or an admin token (`cnd_ad_…`) with the scope that each operation names. Every path also answers with a trailing slash.",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      servers: [{ url: basePath === "" ? "/" : basePath }],
      paths: pathsOf([...INFERENCE_OPERATIONS, ...ADMIN_OPERATIONS]),
      components: {
        securitySchemes: {
          key: { type: "http", scheme: "bearer", description: "A virtual key, `cnd_sk_…`." },
          admin: { type: "http", scheme: "bearer", description: "The admin key or `cnd_ad_…`." },
        },
      },
    },
    { override: ({ jsonSchema }) => dropFormatPattern(jsonSchema) },
  );
}

/** zod writes the pattern of a format beside it; the format alone says it to people and tools. */
function dropFormatPattern(jsonSchema: { format?: unknown; pattern?: unknown }): void {
  if (jsonSchema.format !== undefined) {
    delete jsonSchema.pattern;
  }
}

function pathsOf(operations: readonly Operation[]): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const operation of operations) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method]: describeOperation(operation),
    };
  }
  return paths;
}

function describeOperation(operation: Operation): ZodOpenApiOperationObject {
  const { params, query, body } = operation;
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    ...descriptionOf(operation),
    ...(operation.scope === null
      ? { security: [] }
      : { security: [{ [schemeOf(operation)]: [] }] }),
    requestParams: {
      ...(params === undefined ? {} : { path: params }),
      ...(query === undefined ? {} : { query }),
    },
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { [JSON_TYPE]: { schema: body } } } }),
    responses: responsesOf(operation),
  };
}

function schemeOf(operation: Operation): "key" | "admin" {
  return operation.scope === undefined ? "key" : "admin";
}

function descriptionOf({ description, scope }: Operation): { description?: string } {
  const parts = [description, scope ? `Scope: \`${scope}\`.` : undefined];
  const text = parts.filter((part) => part !== undefined).join("\n\n");
  return text === "" ? {} : { description: text };
}

function responsesOf(operation: Operation): ZodOpenApiResponsesObject {
  const { answer, stream } = operation;
  const status = `${operation.status ?? 200}` as const;
  return {
    [status]: {
      description: status === "204" ? "Done." : "Success.",
      ...(answer === undefined
        ? {}
        : {
            content: {
              [JSON_TYPE]: { schema: answer },
              ...(stream === undefined ? {} : { "text/event-stream": { schema: stream } }),
            },
          }),
    },
    default: {
      description: "An error, in OpenAI's shape.",
      content: { [JSON_TYPE]: { schema: errorAnswer } },
    },
  };
}
