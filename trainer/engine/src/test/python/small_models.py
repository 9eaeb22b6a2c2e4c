"""Writes the small seeded models under src/test/resources/models that FamilyParityTest holds the engine against.

    pip install torch transformers safetensors
    python small_models.py ../resources/models [NAME ...]

For each model, or those named: config.json, the weights as one or several safetensors files, and reference.safetensors with what PyTorch
computes in single precision: the token ids, logits or last hidden vectors, the loss, and the gradient of every tensor. Of
matrices the gradients of the first three rows and the sum of all squares are kept, to stay small.
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


def randomise(model, generator, dtype):
    """Spread that makes every nonlinearity work; rounded to what the file will hold."""
    with torch.no_grad():
        for name, tensor in sorted(model.named_parameters()):
            gain = tensor.dim() == 1 and name.endswith("weight")
            tensor.copy_(0.25 * torch.randn(tensor.shape, generator=generator) + (1 if gain else 0))
            tensor.copy_(tensor.to(dtype).to(torch.float32))


def sequences(generator):
    """Two sequences; the second is shorter and padded on the right."""
    ids = torch.randint(5, VOCABULARY, (2, LENGTH), generator=generator)
    mask = torch.ones_like(ids)
    mask[1, LENGTH - 4:] = 0
    return ids, mask


def reference(model, ids, mask, causal):
    if causal:
        labels = ids.masked_fill(mask == 0, -100).clone()
        labels[0, :3] = -100
        out = model(input_ids=ids, attention_mask=mask, labels=labels)
        return out.logits, out.loss
    out = model.base_model(input_ids=ids, attention_mask=mask).last_hidden_state
    # The squares of the last hidden vectors of all real tokens.
    return out, 0.5 * (out * out * mask.unsqueeze(-1)).sum()


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
        kept["gradient." + key] = gradient[:3].clone() if gradient.dim() == 2 else gradient.clone()
        kept["squares." + key] = (gradient.double() ** 2).sum().float().reshape(1)
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
            write(folder, name, config, kind(config), True, 100 + seed)


if __name__ == "__main__":
    main()
