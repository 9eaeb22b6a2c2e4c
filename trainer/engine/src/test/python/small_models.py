"""Writes the small seeded models under src/test/resources/models that FamilyParityTest holds the engine against.

    pip install torch transformers safetensors
    python small_models.py ../resources/models [NAME ...]

For each model, or those named: config.json, the weights as one or several safetensors files, and reference.safetensors with
what PyTorch computes in single precision: the token ids, logits or last hidden vectors, the loss, and the gradient of every tensor. Of
matrices the gradients of the first three rows and the sum of all squares are kept, to stay small. Of later decoders also the
tokens that follow the first five, the likeliest each time.
"""

import pathlib
import shutil
import sys

import torch
import transformers as hf
from safetensors.torch import save_file

VOCABULARY = 61
HIDDEN = 32
LENGTH = 9
GREEDY = {"mistral", "qwen2", "qwen3", "phi3", "phi3_long", "gpt_neox", "gpt_neox_sequential", "gemma2", "gemma3_text"}
TYPES = {"roberta": torch.float32, "gpt_neo": torch.float16}


def encoders():
    common = dict(vocab_size=VOCABULARY, hidden_size=HIDDEN, num_hidden_layers=2, num_attention_heads=4,
                  intermediate_size=48)
    yield "roberta", hf.RobertaConfig(**common, max_position_embeddings=18, type_vocab_size=1, pad_token_id=1,
                                      layer_norm_eps=1e-5), hf.RobertaModel, {"add_pooling_layer": False}
    yield "distilbert", hf.DistilBertConfig(vocab_size=VOCABULARY, dim=HIDDEN, n_layers=2, n_heads=4, hidden_dim=48,
                                            max_position_embeddings=16, pad_token_id=0), hf.DistilBertModel, {}
    yield "xlm-roberta", hf.XLMRobertaConfig(**common, max_position_embeddings=18, type_vocab_size=1, pad_token_id=1,
                                             layer_norm_eps=1e-5), hf.XLMRobertaModel, {"add_pooling_layer": False}
    # With a head, so that its tensors have the prefix of the model proper.
    yield "camembert", hf.CamembertConfig(**common, max_position_embeddings=18, type_vocab_size=1, pad_token_id=1,
                                          layer_norm_eps=1e-5), hf.CamembertForMaskedLM, {}
    # Distances of up to 4 tokens have places of their own, those beyond share some.
    yield "deberta-v2", hf.DebertaV2Config(**common, max_position_embeddings=16, type_vocab_size=0, pad_token_id=0,
                                           relative_attention=True, position_buckets=8, norm_rel_ebd="layer_norm",
                                           share_att_key=True, pos_att_type="p2c|c2p", position_biased_input=False,
                                           layer_norm_eps=1e-7), hf.DebertaV2ForSequenceClassification, {}
    # The middle layer sees two neighbours on both sides.
    yield "modernbert", hf.ModernBertConfig(**(common | dict(num_hidden_layers=3)), max_position_embeddings=16,
                                            pad_token_id=0, bos_token_id=1, eos_token_id=2, cls_token_id=1,
                                            sep_token_id=2, local_attention=4, layer_types=["full_attention",
                                            "sliding_attention", "full_attention"],
                                            rope_parameters={"full_attention": {"rope_type": "default",
                                                                                "rope_theta": 160.0},
                                                             "sliding_attention": {"rope_type": "default",
                                                                                   "rope_theta": 10.0}},
                                            attn_implementation="eager"), hf.ModernBertForMaskedLM, {}


def decoders():
    llama = dict(vocab_size=VOCABULARY, hidden_size=HIDDEN, num_hidden_layers=2, num_attention_heads=4,
                 intermediate_size=44, max_position_embeddings=32, rms_norm_eps=1e-6, bos_token_id=1, eos_token_id=2)
    scaling = dict(rope_type="llama3", rope_theta=100.0, factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0,
                   original_max_position_embeddings=8)
    yield "llama", hf.LlamaConfig(**llama, num_key_value_heads=2, tie_word_embeddings=False,
                                  rope_parameters=scaling), hf.LlamaForCausalLM
    yield "gpt2", hf.GPT2Config(vocab_size=VOCABULARY, n_embd=HIDDEN, n_layer=2, n_head=4, n_positions=16, n_inner=48,
                                bos_token_id=1, eos_token_id=2), hf.GPT2LMHeadModel
    yield "gpt_neo", hf.GPTNeoConfig(vocab_size=VOCABULARY, hidden_size=HIDDEN, num_layers=2, num_heads=4,
                                     intermediate_size=48, max_position_embeddings=16, window_size=4,
                                     attention_types=[[["global", "local"], 1]], bos_token_id=1,
                                     eos_token_id=2), hf.GPTNeoForCausalLM
    yield "opt", hf.OPTConfig(vocab_size=VOCABULARY, hidden_size=HIDDEN, num_hidden_layers=2, num_attention_heads=4,
                              ffn_dim=48, max_position_embeddings=16, word_embed_proj_dim=HIDDEN, pad_token_id=1,
                              bos_token_id=2, eos_token_id=2), hf.OPTForCausalLM
    yield from later_decoders()


def later_decoders():
    """Windows shorter than the sequences, heads of another width than an equal share, and where there are two ways, both."""
    common = dict(vocab_size=VOCABULARY, hidden_size=HIDDEN, num_hidden_layers=2, num_attention_heads=4,
                  intermediate_size=44, max_position_embeddings=32, bos_token_id=1, eos_token_id=2, pad_token_id=0)
    shared = dict(common, num_key_value_heads=2)
    yield "mistral", hf.MistralConfig(**shared, head_dim=6, sliding_window=4, rope_theta=100.0), hf.MistralForCausalLM
    yield "qwen2", hf.Qwen2Config(**shared, use_sliding_window=True, sliding_window=4, max_window_layers=1,
                                  tie_word_embeddings=True), hf.Qwen2ForCausalLM
    yield "qwen3", hf.Qwen3Config(**shared, head_dim=12, rope_theta=1000.0), hf.Qwen3ForCausalLM
    long = dict(rope_type="longrope", rope_theta=100.0, partial_rotary_factor=0.75, short_factor=[1.0, 1.25, 2.0],
                long_factor=[2.0, 4.0, 8.0])
    yield "phi3", hf.Phi3Config(**shared, rope_parameters=long, original_max_position_embeddings=16,
                                sliding_window=6), hf.Phi3ForCausalLM
    yield "gpt_neox", hf.GPTNeoXConfig(**common, rotary_pct=0.25, rotary_emb_base=100), hf.GPTNeoXForCausalLM
    yield "gpt_neox_sequential", hf.GPTNeoXConfig(**common, rotary_pct=1.0, use_parallel_residual=False,
                                                  attention_bias=False, hidden_act="gelu_fast",
                                                  tie_word_embeddings=True), hf.GPTNeoXForCausalLM
    yield "gemma2", hf.Gemma2Config(**shared, head_dim=12, query_pre_attn_scalar=7, sliding_window=4,
                                    attn_logit_softcapping=3.0, final_logit_softcapping=5.0), hf.Gemma2ForCausalLM
    yield "gemma3_text", hf.Gemma3TextConfig(
        **dict(shared, num_hidden_layers=3), head_dim=6, query_pre_attn_scalar=9, sliding_window=4,
        layer_types=["sliding_attention", "sliding_attention", "full_attention"], rope_parameters=dict(
            full_attention=dict(rope_type="linear", rope_theta=1000.0, factor=8.0),
            sliding_attention=dict(rope_type="default", rope_theta=100.0))), hf.Gemma3ForCausalLM
    # Some sequences are longer than the first length, one is not, and the text that is written grows beyond it.
    yield "phi3_long", hf.Phi3Config(**shared, rope_parameters=dict(long), original_max_position_embeddings=8,
                                     sliding_window=6), hf.Phi3ForCausalLM


def randomise(model, generator, dtype):
    """Spread that makes every nonlinearity work; rounded to what the file will hold."""
    with torch.no_grad():
        for name, tensor in sorted(model.named_parameters()):
            gain = tensor.dim() == 1 and name.endswith("weight") and "gemma" not in model.config.model_type
            tensor.copy_(0.25 * torch.randn(tensor.shape, generator=generator) + (1 if gain else 0))
            tensor.copy_(tensor.to(dtype).to(torch.float32))


def sequences(generator):
    """Two sequences; the second is shorter and padded on the right."""
    ids = torch.randint(5, VOCABULARY, (2, LENGTH), generator=generator)
    mask = torch.ones_like(ids)
    mask[1, LENGTH - 4:] = 0
    return ids, mask


def alone(model, ids, mask):
    """Each sequence by itself: a batch would turn the shorter as the longer one."""
    lengths = mask.sum(1).tolist()
    rows = [model(input_ids=row[None, :length]).logits[0] for row, length in zip(ids, lengths)]
    logits = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)
    labels = ids.masked_fill(mask == 0, -100).clone()
    labels[0, :3] = -100
    return logits, torch.nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten())


def reference(model, ids, mask, causal):
    if getattr(model.config, "original_max_position_embeddings", LENGTH) < LENGTH:
        return alone(model, ids, mask)
    if causal:
        labels = ids.masked_fill(mask == 0, -100).clone()
        labels[0, :3] = -100
        out = model(input_ids=ids, attention_mask=mask, labels=labels)
        return out.logits, out.loss
    out = model.base_model(input_ids=ids, attention_mask=mask).last_hidden_state
    # The squares of the last hidden vectors of all real tokens.
    return out, 0.5 * (out * out * mask.unsqueeze(-1)).sum()


def greedy(model, prompt, count):
    """What follows a prompt if the likeliest token is taken each time, and by how much it is the likeliest at least."""
    tokens = prompt
    margin = float("inf")
    with torch.no_grad():
        for _ in range(count):
            best = model(input_ids=tokens, use_cache=False).logits[0, -1].topk(2)
            margin = min(margin, (best.values[0] - best.values[1]).item())
            tokens = torch.cat([tokens, best.indices[:1].reshape(1, 1)], 1)
    cached = model.generate(prompt, do_sample=False, max_new_tokens=count, min_new_tokens=count, eos_token_id=None,
                            pad_token_id=0)
    assert torch.equal(tokens, cached), (tokens, cached)
    return tokens, margin


def write(folder, name, config, model, causal, seed):
    generator = torch.Generator().manual_seed(seed)
    model.eval()
    dtype = TYPES.get(name, torch.bfloat16)
    randomise(model, generator, dtype)
    ids, mask = sequences(generator)
    pad = config.pad_token_id if config.pad_token_id is not None else 0
    ids = ids.masked_fill(mask == 0, pad)
    result, loss = reference(model, ids, mask, causal)
    loss.backward()
    target = folder / name
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    model.config.dtype = dtype
    model.config.architectures = [type(model).__name__]
    kept = {"ids": ids.to(torch.int32), "lengths": mask.sum(1).to(torch.int32), "result": result.detach(),
            "loss": loss.detach().reshape(1)}
    for key, tensor in model.named_parameters(remove_duplicate=causal):
        if tensor.grad is None:
            continue
        gradient = tensor.grad.to(torch.float32)
        # As the file calls it.
        key = key.replace("lm_head.", "embed_out.") if model.config.model_type == "gpt_neox" else key
        kept["gradient." + key] = gradient[:3].clone() if gradient.dim() == 2 else gradient.clone()
        kept["squares." + key] = (gradient.double() ** 2).sum().float().reshape(1)
    if name in GREEDY:
        tokens, margin = greedy(model, ids[:1, :5], 11)
        assert margin > 1e-2, margin
        kept["greedy"] = tokens[0].to(torch.int32)
    save_file(kept, str(target / "reference.safetensors"))
    model.to(dtype).save_pretrained(target, max_shard_size="12KB" if name == "llama" else "5GB")
    (target / "generation_config.json").unlink(missing_ok=True)
    print(name, loss.item(), sorted(path.name for path in target.iterdir()))


def main():
    folder = pathlib.Path(sys.argv[1])
    named = sys.argv[2:]
    for seed, (name, config, kind, arguments) in enumerate(encoders()):
        if not named or name in named:
            write(folder, name, config, kind(config, **arguments), False, seed)
    for seed, (name, config, kind) in enumerate(decoders()):
        if not named or name in named:
            config._attn_implementation = "eager"
            write(folder, name, config, kind(config), True, 100 + seed)


if __name__ == "__main__":
    main()
