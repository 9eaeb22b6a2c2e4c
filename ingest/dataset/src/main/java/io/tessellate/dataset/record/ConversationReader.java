package io.tessellate.dataset.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.dataset.Label;
import io.tessellate.dataset.manifest.ChatTemplate;
import io.tessellate.dataset.manifest.Quotation;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.file.JsonText;
import io.tessellate.template.Template;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes a prompt and a reply of a record's messages. What is learnt is the last message, which the assistant says; all before it,
 * what the assistant said earlier included, is the prompt. Earlier replies are history as the model will see it, and a template may
 * write them otherwise there.
 */
final class ConversationReader {
    private static final List<String> ROLES = List.of("system", "developer", "user", "assistant", "tool");
    private static final String ASSISTANT = "assistant";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final int SHOWN = 40;

    private final Template template;
    private final Map<String, Object> variables = new HashMap<>();
    private final int textLimit;

    ConversationReader(ChatTemplate chat, int textLimit) {
        this.template = chat.read();
        this.textLimit = textLimit;
        variables.putAll(chat.tokens());
        variables.putAll(chat.switches());
        variables.put("tools", null);
        variables.put("documents", null);
    }

    /**
     * A conversation as texts.
     *
     * @param prompt what a model that is to reply is given
     */
    record Rendered(String prompt, Label.Reply reply) {}

    Rendered read(Field field, Object record) throws RefusedException {
        List<Map<String, Object>> messages = answered(field, messages(field, field.present(record)));
        List<Map<String, Object>> before = messages.subList(0, messages.size() - 1);
        try {
            String prompt = render(before, true);
            String whole = render(messages, false);
            if (!whole.startsWith(prompt)) {
                throw differs(prompt, whole);
            }
            String reply = whole.substring(prompt.length());
            limited("prompt", prompt);
            limited("reply", reply);
            if (reply.isBlank() || prompt.isEmpty()) {
                throw new RefusedException(
                        ErrorCode.TEMPLATE_REFUSED,
                        "the chat template writes nothing of %s",
                        prompt.isEmpty() ? "the messages before the last" : "what the assistant says");
            }
            return new Rendered(prompt, new Label.Reply(reply, said(reply, messages.get(messages.size() - 1))));
        } catch (TessellateException e) {
            throw new RefusedException(e.code(), "%s", e.getMessage());
        }
    }

    /** What a model that is to reply is given: all messages but a last one that the assistant says. */
    String asked(Field field, Object record) throws RefusedException {
        List<Map<String, Object>> messages = messages(field, field.present(record));
        int last = messages.size() - 1;
        List<Map<String, Object>> before =
                ASSISTANT.equals(messages.get(last).get("role")) ? messages.subList(0, last) : messages;
        if (before.isEmpty()) {
            throw alone(field);
        }
        try {
            String prompt = render(before, true);
            limited("prompt", prompt);
            return prompt;
        } catch (TessellateException e) {
            throw new RefusedException(e.code(), "%s", e.getMessage());
        }
    }

    private String render(List<Map<String, Object>> messages, boolean generation) {
        Map<String, Object> all = new HashMap<>(variables);
        all.put("messages", messages);
        all.put("add_generation_prompt", generation);
        return template.render(all);
    }

    /** Without what the template puts behind the message; all of it where the template writes the message in other words. */
    private static String said(String reply, Map<String, Object> message) {
        String content = message.get("content") instanceof String text ? text.strip() : "";
        int at = content.isEmpty() ? -1 : reply.lastIndexOf(content);
        return at < 0 ? reply : reply.substring(0, at + content.length());
    }

    private static RefusedException differs(String prompt, String whole) {
        int at = 0;
        while (at < Math.min(prompt.length(), whole.length()) && prompt.charAt(at) == whole.charAt(at)) {
            at++;
        }
        return new RefusedException(
                ErrorCode.TEMPLATE_REFUSED,
                "the chat template writes the messages before the last one otherwise once it is there, from character %d:"
                        + " '%s' becomes '%s'",
                at + 1,
                part(prompt, at),
                part(whole, at));
    }

    private static String part(String text, int from) {
        return Quotation.of(text.substring(from, Math.min(text.length(), from + SHOWN)));
    }

    private void limited(String what, String text) throws RefusedException {
        if (text.length() > textLimit) {
            throw new RefusedException(
                    ErrorCode.TEXT_TOO_LONG,
                    "the %s has %d characters once the chat template is applied, allowed are %d",
                    what,
                    text.length(),
                    textLimit);
        }
    }

    private List<Map<String, Object>> messages(Field field, Object given) throws RefusedException {
        Object value = Field.isName(given) ? parsed(field, given.toString()) : given;
        if (!(value instanceof Collection<?> list)) {
            throw field.unexpected(value, ValueShape.Due.MESSAGES);
        }
        List<Map<String, Object>> messages = new ArrayList<>();
        for (Object element : list) {
            messages.add(message(field, messages.size(), element));
        }
        int count = messages.size();
        if (count == 0) {
            throw invalid(field, "holds no message");
        }
        return messages;
    }

    /** Messages that end with a reply, as they are learnt from. */
    private static List<Map<String, Object>> answered(Field field, List<Map<String, Object>> messages)
            throws RefusedException {
        int count = messages.size();
        Object last = messages.get(count - 1).get("role");
        if (!ASSISTANT.equals(last)) {
            throw invalid(
                    field, "ends with what '%s' says: the last message is learnt, so it must be the assistant's", last);
        }
        if (count == 1) {
            throw alone(field);
        }
        return messages;
    }

    private static RefusedException alone(Field field) {
        return invalid(field, "holds one message: there must be one that the assistant replies to");
    }

    private static Object parsed(Field field, String text) throws RefusedException {
        try {
            Object value = JSON.readValue(text, Object.class);
            return value == null ? "null" : value;
        } catch (JsonProcessingException e) {
            throw invalid(field, "is a text and not JSON: %s", JsonText.fault(text));
        }
    }

    private Map<String, Object> message(Field field, int place, @Nullable Object element) throws RefusedException {
        if (element == null || !Nested.holds(element)) {
            throw field.unexpected(element == null ? "null" : List.of(element), ValueShape.Due.MESSAGES);
        }
        Map<String, Object> message = new LinkedHashMap<>();
        for (String name : Nested.names(element)) {
            Object value = Nested.get(element, name);
            if (value != null) {
                message.put(name, plain(value));
            }
        }
        Object role = message.get("role");
        if (!(role instanceof String) || !ROLES.contains(role)) {
            throw invalid(
                    field,
                    "message %d has role %s, which is none of %s%s",
                    place + 1,
                    quoted(role),
                    ROLES,
                    hint(message));
        }
        requireContent(field, place, message);
        return message;
    }

    private void requireContent(Field field, int place, Map<String, Object> message) throws RefusedException {
        Object content = message.get("content");
        boolean calls = message.containsKey("tool_calls");
        if (!(content instanceof String text)) {
            if (content != null || !calls) {
                throw invalid(
                        field,
                        "message %d has %s as content, not a text",
                        place + 1,
                        content == null ? "nothing" : ValueShape.of(content));
            }
        } else if (text.isBlank() && !calls) {
            throw invalid(field, "message %d, of '%s', is empty", place + 1, message.get("role"));
        }
    }

    private static String quoted(@Nullable Object role) {
        return role == null ? "none" : "'" + Quotation.of(role) + "'";
    }

    private static String hint(Map<String, Object> message) {
        return message.containsKey("from") && message.containsKey("value")
                ? ": write 'from' as 'role' (human is user, gpt is assistant) and 'value' as 'content'"
                : "";
    }

    /** A value of a record or of JSON as maps, lists and simple values. */
    private static Object plain(Object value) {
        if (value instanceof CharSequence || value instanceof GenericEnumSymbol) {
            return value.toString();
        }
        if (value instanceof GenericRecord || value instanceof Map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            Nested.names(value).forEach(name -> {
                Object inner = Nested.get(value, name);
                if (inner != null) {
                    copy.put(name, plain(inner));
                }
            });
            return copy;
        }
        if (value instanceof Collection<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(element == null ? null : plain(element)));
            return copy;
        }
        return value;
    }

    private static RefusedException invalid(Field field, String format, Object... arguments) {
        return new RefusedException(
                ErrorCode.INVALID_FIELD, "field '%s' %s", field.name(), String.format(Locale.ROOT, format, arguments));
    }
}
