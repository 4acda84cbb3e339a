"""The official Python SDK against a running gateway.

Reads CONDUIT_URL and CONDUIT_API_KEY, the models from MODELS and EMBEDDING_MODELS (JSON objects by
vendor) and the expected texts from EXPECTED. Prints one JSON line for each case: its name, and the
traceback when it failed.
"""

import json
import os
import sys
import traceback

import openai
from openai import AsyncOpenAI, OpenAI
from pydantic import BaseModel

BASE_URL = os.environ["CONDUIT_URL"] + "/v1"
API_KEY = os.environ["CONDUIT_API_KEY"]
MODELS = json.loads(os.environ["MODELS"])
EMBEDDING_MODELS = json.loads(os.environ["EMBEDDING_MODELS"])
EXPECTED = json.loads(os.environ["EXPECTED"])

HELLO = [{"role": "user", "content": "Please say hello."}]
WEATHER = [{"role": "user", "content": "What is the weather in two cities?"}]
CAPITAL = [{"role": "user", "content": "The capital as json, please."}]
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "The temperature in a city.",
            "strict": True,
            "parameters": {
                "type": "object",
                "properties": {"city": {"type": "string"}},
                "required": ["city"],
                "additionalProperties": False,
            },
        },
    }
]

client = OpenAI(base_url=BASE_URL, api_key=API_KEY)


class Capital(BaseModel):
    city: str
    population: int


def chat_whole(model):
    answer = client.chat.completions.create(model=model, messages=HELLO)
    assert answer.choices[0].message.content == EXPECTED["hello"], answer
    assert answer.choices[0].finish_reason == "stop", answer
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    assert answer._request_id, answer


def chat_stream(model):
    stream = client.chat.completions.create(
        model=model, messages=HELLO, stream=True, stream_options={"include_usage": True}
    )
    text, usages, finish = "", [], []
    for chunk in stream:
        if chunk.choices:
            text += chunk.choices[0].delta.content or ""
            if chunk.choices[0].finish_reason:
                finish.append(chunk.choices[0].finish_reason)
        if chunk.usage:
            usages.append(chunk.usage)
    assert text == EXPECTED["hello"], text
    assert finish == ["stop"], finish
    # The mock tells usage only to those who ask, and Mistral's format cannot ask.
    if model != MODELS["mistral"]:
        assert len(usages) == 1 and usages[0].total_tokens > 0, usages


def stream_helper(model):
    with client.chat.completions.stream(model=model, messages=HELLO) as stream:
        text = "".join(event.delta for event in stream if event.type == "content.delta")
        final = stream.get_final_completion()
    assert text == EXPECTED["hello"], text
    assert final.choices[0].message.content == EXPECTED["hello"], final


def tool_loop(model):
    first = client.chat.completions.create(model=model, messages=WEATHER, tools=TOOLS)
    message = first.choices[0].message
    assert first.choices[0].finish_reason == "tool_calls", first
    cities = [json.loads(call.function.arguments)["city"] for call in message.tool_calls]
    assert cities == ["Paris", "Oslo"], cities
    results = [
        {"role": "tool", "tool_call_id": call.id, "content": "20"} for call in message.tool_calls
    ]
    second = client.chat.completions.create(
        model=model, messages=[*WEATHER, message, *results], tools=TOOLS
    )
    assert second.choices[0].message.content == EXPECTED["weather"], second


def tool_stream(model):
    with client.chat.completions.stream(model=model, messages=WEATHER, tools=TOOLS) as stream:
        for _ in stream:
            pass
        final = stream.get_final_completion()
    calls = final.choices[0].message.tool_calls
    assert [json.loads(c.function.arguments)["city"] for c in calls] == ["Paris", "Oslo"], calls
    assert len({call.id for call in calls}) == 2, calls


def structured(model):
    answer = client.chat.completions.parse(model=model, messages=CAPITAL, response_format=Capital)
    assert answer.choices[0].message.parsed == Capital(city="Paris", population=2103000), answer


def embeddings(model):
    answer = client.embeddings.create(model=model, input=["one", "two"])
    assert [row.index for row in answer.data] == [0, 1], answer
    assert answer.data[0].embedding == EXPECTED["vector"], answer.data[0]


def embeddings_float(model):
    answer = client.embeddings.create(model=model, input="one", encoding_format="float")
    assert answer.data[0].embedding == EXPECTED["vector"], answer.data[0]


def asynchronous(model):
    import asyncio

    async def ask():
        async with AsyncOpenAI(base_url=BASE_URL, api_key=API_KEY) as asynchronous_client:
            stream = await asynchronous_client.chat.completions.create(
                model=model, messages=HELLO, stream=True
            )
            return "".join(
                [
                    chunk.choices[0].delta.content or ""
                    async for chunk in stream
                    if chunk.choices
                ]
            )

    text = asyncio.run(ask())
    assert text == EXPECTED["hello"], text


def models_list():
    ids = [model.id for model in client.models.list()]
    assert set(MODELS.values()) <= set(ids), ids
    assert client.models.retrieve(MODELS["openai"]).id == MODELS["openai"]


def wrong_key():
    try:
        OpenAI(base_url=BASE_URL, api_key="cnd_sk_wrong").models.list()
    except openai.AuthenticationError as error:
        assert error.code == "invalid_api_key" and error.status_code == 401, error
    else:
        raise AssertionError("A wrong key was let in.")


def unknown_model():
    try:
        client.chat.completions.create(model="gpt-unknown", messages=HELLO)
    except openai.NotFoundError as error:
        assert error.code == "model_not_found" and error.param == "model", error
        assert error.request_id, error
    else:
        raise AssertionError("An unknown model was answered.")


def wrong_body():
    try:
        client.chat.completions.create(model=MODELS["openai"], messages=[])
    except openai.BadRequestError as error:
        assert error.param == "messages" and error.type == "invalid_request_error", error
    else:
        raise AssertionError("A request without messages was answered.")


def raw_headers():
    reply = client.chat.completions.with_raw_response.create(
        model=MODELS["openai"], messages=HELLO
    )
    assert reply.headers["x-conduit-provider"] == "openai", reply.headers
    assert reply.headers["x-request-id"] == reply.headers["x-conduit-request-id"]
    assert reply.parse().choices[0].message.content == EXPECTED["hello"]


def cases():
    for vendor, model in MODELS.items():
        for case in (chat_whole, chat_stream, stream_helper, tool_loop, tool_stream, structured):
            yield f"{vendor} {case.__name__}", case, [model]
    for vendor, model in EMBEDDING_MODELS.items():
        yield f"{vendor} embeddings", embeddings, [model]
        yield f"{vendor} embeddings_float", embeddings_float, [model]
    yield "openai asynchronous", asynchronous, [MODELS["openai"]]
    for case in (models_list, wrong_key, unknown_model, wrong_body, raw_headers):
        yield case.__name__, case, []


def main():
    for name, case, arguments in cases():
        error = None
        try:
            case(*arguments)
        except Exception:
            error = traceback.format_exc()
        print(json.dumps({"name": name, "error": error}))
        sys.stdout.flush()


main()
